// How the thresholds stand, as far as what has come tells, or how they were judged at the end.

import { html } from "../html.js";
import { Card } from "../parts/card.js";
import { exact, measured } from "../words/numbers.js";

/** @param {{ of: any[], ended: boolean }} props */
export function Thresholds({ of, ended }) {
  return html`<${Card} title=${ended ? "Thresholds" : "Thresholds so far"} class="half">
    ${of.length === 0 ? html`<p class="soft">None can be judged yet.</p>` : html`<div class="scroll"><table>
      <thead><tr><th scope="col">Threshold</th><th scope="col">State</th><th scope="col" class="num">Measured</th><th scope="col" class="num">At most</th></tr></thead>
      <tbody>${of.map((one) => html`<${Row} key=${one.name} one=${one} />`)}</tbody>
    </table></div>`}
  <//>`;
}

/** @param {{ one: any }} props */
function Row({ one }) {
  const state = one.measured === null ? "open" : one.passed ? "kept" : "broken";
  return html`<tr>
    <td>${one.title}</td>
    <td><span class=${`chip ${state}`}>${state}</span></td>
    <td class="num">${figure(one.measured, one.unit, measured)}</td>
    <td class="num">${figure(one.limit, one.unit, exact)}</td>
  </tr>`;
}

/**
 * @param {number | null} value a share where there is no unit
 * @param {string} unit
 * @param {(value: number) => string} said
 */
function figure(value, unit, said) {
  if (value === null) return "–";
  return unit === "share" ? `${said(100 * value)} %` : `${said(value)} ${unit}`.trim();
}
