// Powers by name, the largest first, each with a bar against the largest.

import { html } from "../html.js";
import { largest } from "../live/points.js";
import { count, withUnit } from "../words/numbers.js";

const MOST = 8;

/**
 * @param {{ what: string, numbers: Record<string, number>, rest?: number, link: (name: string) => string }} props
 *   numbers in W; `rest` is of what is not among them
 */
export function Bars({ what, numbers, rest = 0, link }) {
  const shown = largest(numbers, MOST);
  const most = Math.max(...shown.map(([, watts]) => Math.abs(watts)), 1e-9);
  const more = Object.entries(numbers).length - shown.length;
  const hidden = rest + sum(Object.values(numbers)) - sum(shown.map(([, watts]) => watts));
  return html`<table class="bars">
      <thead class="hidden-text"><tr><th scope="col">${what}</th><th scope="col">share</th><th scope="col">power</th></tr></thead>
      <tbody>
        ${shown.map(
          ([name, watts]) => html`<tr key=${name}>
            <th scope="row">${link(name) ? html`<a href=${link(name)}>${name}</a>` : name || "(nowhere)"}</th>
            <td class="bar"><svg aria-hidden="true"><rect width=${`${(100 * Math.abs(watts)) / most}%`} height="100%" rx="2" fill=${watts < 0 ? "var(--line-3)" : "var(--line-1)"} /></svg></td>
            <td class="num">${withUnit(watts / 1000, "kW")}</td>
          </tr>`,
        )}
      </tbody>
    </table>
    ${(more > 0 || rest !== 0) && html`<p class="hint">and ${rest === 0 ? count(more) : "many"} more: ${withUnit(hidden / 1000, "kW")}</p>`}`;
}

/** @param {number[]} numbers */
function sum(numbers) {
  return numbers.reduce((one, other) => one + other, 0);
}
