// From page to page of a long list.

import { html } from "../html.js";
import { count } from "../words/numbers.js";

/**
 * @param {{ total: number, limit: number, offset: number, turn: (offset: number) => void }} props
 */
export function Pager({ total, limit, offset, turn }) {
  if (total <= limit && offset === 0) return null;
  const last = Math.max(0, Math.ceil(total / limit) - 1) * limit;
  const button = (/** @type {string} */ text, /** @type {number} */ to, /** @type {boolean} */ can) =>
    html`<button type="button" class="small" disabled=${!can} onClick=${() => turn(to)}>${text}</button>`;
  return html`<nav class="pager" aria-label="Pages">
    <span class="soft">${count(Math.min(offset + 1, total))} to ${count(Math.min(offset + limit, total))} of ${count(total)}</span>
    <div class="row">
      ${button("First", 0, offset > 0)} ${button("Previous", Math.max(0, offset - limit), offset > 0)}
      ${button("Next", offset + limit, offset + limit < total)} ${button("Last", last, offset < last)}
    </div>
  </nav>`;
}
