// Entries of the ledger.

import { html } from "../../html.js";
import { address } from "../../route/address.js";
import { seconds, stamp } from "../../words/moments.js";
import { count, counted, duration } from "../../words/numbers.js";

/**
 * @param {{ faults: any[], total: number, devices?: boolean }} props `devices`: each with its device
 */
export function FaultTable({ faults, total, devices = false }) {
  if (faults.length === 0) return html`<p class="soft">No fault is on record.</p>`;
  return html`<div class="scroll lines"><table>
      <caption class="hidden-text">Faults on record</caption>
      <thead><tr>
        ${devices && html`<th scope="col">Device</th>`}
        <th scope="col">Fault</th><th scope="col">State</th><th scope="col">Begin</th>
        <th scope="col" class="num">Lasts</th><th scope="col" class="num">Messages touched</th>
      </tr></thead>
      <tbody>${faults.map((fault) => html`<${Row} key=${fault.fault_id + fault.device_id} fault=${fault} devices=${devices} />`)}</tbody>
    </table></div>
    ${!devices && total > faults.length && html`<p class="hint">the latest of ${counted(total, "fault")}</p>`}`;
}

/** @param {{ fault: any, devices: boolean }} props */
function Row({ fault, devices }) {
  const lasts = fault.end ? duration(seconds(fault.end) - seconds(fault.begin)) : "until cleared";
  return html`<tr>
    ${devices && html`<td><a href=${address(["devices", fault.device_id])}>${fault.device_id}</a></td>`}
    <td>${fault.fault}<${Parameters} of=${fault.parameters} /></td>
    <td><span class=${`chip ${fault.state}`}>${fault.state}</span></td>
    <td>${stamp(fault.begin)}</td>
    <td class="num">${lasts}</td>
    <td class="num">${count(fault.affected)}</td>
  </tr>`;
}

/** @param {{ of: Record<string, unknown> }} props */
function Parameters({ of }) {
  const said = Object.entries(of).filter(([, value]) => value !== null);
  return said.length > 0 && html` <span class="soft">${said.map(([name, value]) => `${name} ${String(value)}`).join(", ")}</span>`;
}
