// The devices with most defects so far.

import { html } from "../html.js";
import { Card } from "../parts/card.js";
import { count } from "../words/numbers.js";

const DEFECTS = ["lost", "duplicated", "reordered", "late", "corrupted"];

/** @param {{ devices: any[] }} props */
export function Worst({ devices }) {
  return html`<${Card} title="Worst devices" class="half">
    ${devices.length === 0 ? html`<p class="soft">Nothing is wrong with any device's messages.</p>` : html`<div class="scroll"><table>
      <thead><tr><th scope="col">Device</th>${DEFECTS.map((name) => html`<th key=${name} scope="col" class="num">${name}</th>`)}</tr></thead>
      <tbody>${devices.map((one) => html`<tr key=${one.device_id}><td>${one.device_id}</td>${DEFECTS.map((name) => html`<td key=${name} class="num">${count(one[name])}</td>`)}</tr>`)}</tbody>
    </table></div>`}
  <//>`;
}
