// What a view shows in place of what it has not (yet).

import { html } from "../html.js";

/** @param {{ what: string }} props */
export function Loading({ what }) {
  return html`<p class="state loading" role="status">Loading ${what}…</p>`;
}

/** @param {{ title: string, children?: any }} props */
export function Empty({ title, children }) {
  return html`<div class="state empty"><p><strong>${title}</strong></p>${children}</div>`;
}

/**
 * @param {{ error: Error, again?: () => void }} props
 */
export function Failed({ error, again }) {
  return html`<div class="state failed" role="alert">
    <p><strong>That did not work:</strong> ${error.message}</p>
    ${again && html`<button type="button" onClick=${again}>Try again</button>`}
  </div>`;
}

/**
 * One of the three, or what is there: a view says only what it does with its data.
 * @template T
 * @param {{ of: import("../net/use.js").Loaded<T>, what: string, children: (data: T) => any }} props
 */
export function Answered({ of, what, children }) {
  const { data, error, again } = of;
  if (data === null && error) return html`<${Failed} error=${error} again=${again} />`;
  if (data === null) return html`<${Loading} what=${what} />`;
  const failed = error && html`<${Failed} error=${error} again=${again} />`;
  return html`${failed}${children(data)}`;
}
