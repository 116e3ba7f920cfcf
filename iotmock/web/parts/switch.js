// One of a few, chosen by buttons.

import { html } from "../html.js";

/**
 * @param {{ label: string, of: Record<string, string>, value: string, choose: (value: any) => void }} props
 */
export function Switch({ label, of, value, choose }) {
  return html`<div class="switch" role="group" aria-label=${label}>
    ${Object.entries(of).map(
      ([name, text]) =>
        html`<button key=${name} type="button" aria-pressed=${name === value} onClick=${() => choose(name)}>${text}</button>`,
    )}
  </div>`;
}
