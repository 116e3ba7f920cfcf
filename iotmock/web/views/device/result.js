// What a device answered to a command.

import { words } from "../../forms/fields.js";
import { html } from "../../html.js";
import { stamp } from "../../words/moments.js";

/** @param {{ result: any }} props */
export function Result({ result }) {
  return html`<div role="status" class="result">
    ${
      result &&
      html`<p>
          <span class=${`chip ${result.status}`}><strong>${result.command}: ${result.status}</strong></span>
          ${result.timestamp && html`<span class="soft"> at ${stamp(result.timestamp)}</span>`}
        </p>
        ${result.reason && html`<p class="bad">${result.reason}</p>`}
        <${Changes} changes=${result.changes ?? {}} />`
    }
  </div>`;
}

/** @param {{ changes: Record<string, [unknown, unknown]> }} props */
function Changes({ changes }) {
  const rows = Object.entries(changes);
  if (rows.length === 0) return null;
  return html`<ul class="problems">${rows.map(([name, [before, after]]) => html`<li key=${name}>${words(name)}: ${String(before)} → <strong>${String(after)}</strong></li>`)}</ul>`;
}
