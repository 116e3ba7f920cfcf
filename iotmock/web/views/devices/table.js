// A page of devices: what they are, how they are, and what they draw as it comes.

import { Spark } from "../../chart/spark.js";
import { html } from "../../html.js";
import { useReadings } from "../../live/readings.js";
import { address } from "../../route/address.js";
import { withUnit } from "../../words/numbers.js";
import { nextSort } from "./query.js";

const DRAWN = 60;
const COLUMNS = /** @type {const} */ ([
  ["device_id", "Id", ""],
  ["name", "Name", "wide"],
  ["device_type", "Type", "wide"],
  ["location", "Location", "wide"],
  ["status", "Status", ""],
]);

/**
 * @param {{ devices: any[], query: Record<string, string>, set: (more: any) => void,
 *   ask: (what: { deed: string, device: any }) => void }} props
 */
export function Table({ devices, query, set, ask }) {
  const readings = useReadings(devices.map((device) => device.device_id), DRAWN);
  return html`<div class="card scroll"><table class="devices">
    <caption class="hidden-text">Devices</caption>
    <thead><tr>
      ${COLUMNS.map(([name, label, kind]) => html`<${Head} key=${name} name=${name} label=${label} kind=${kind} sort=${query.sort} set=${set} />`)}
      <th scope="col" class="num">Power</th>
      <th scope="col" class="wide">Lately</th>
      <th scope="col" class="wide"><span class="hidden-text">Change or delete</span></th>
    </tr></thead>
    <tbody>${devices.map((device) => html`<${Row} key=${device.device_id} device=${device} readings=${readings.get(device.device_id) ?? []} ask=${ask} />`)}</tbody>
  </table></div>`;
}

/** @param {{ name: string, label: string, kind: string, sort?: string, set: (more: any) => void }} props */
function Head({ name, label, kind, sort, set }) {
  const way = sort === name ? "ascending" : sort === `-${name}` ? "descending" : undefined;
  const arrow = way === "ascending" ? " ▲" : way ? " ▼" : "";
  return html`<th scope="col" class=${kind} aria-sort=${way}>
    <button type="button" onClick=${() => set({ sort: nextSort(sort, name) })}>${label}<span aria-hidden="true">${arrow}</span></button>
  </th>`;
}

/** @param {{ device: any, readings: import("../../live/readings.js").Reading[], ask: any }} props */
function Row({ device, readings, ask }) {
  const { device_id: id, status } = device;
  const power = readings.at(-1)?.power ?? device.readings.power;
  const button = (/** @type {string} */ deed, /** @type {string} */ text) =>
    html`<button type="button" class="small quiet" aria-label=${`${text} ${id}`} onClick=${() => ask({ deed, device })}>${text}</button>`;
  return html`<tr>
    <td><a href=${address(["devices", id])}>${id}</a>${device.name !== id && html`<span class="beneath soft">${device.name}</span>`}</td>
    <td class="wide">${device.name}</td>
    <td class="wide">${device.device_type}</td>
    <td class="wide">${device.location}</td>
    <td><span class=${`chip ${status}`}>${status}${device.enabled ? "" : ", disabled"}</span></td>
    <td class="num">${withUnit(power, "kW")}</td>
    <td class="wide"><${Spark} values=${readings.map((reading) => reading.power)} label=${`power of ${id} lately`} /></td>
    <td class="controls wide">${button("change", "Change")}${button("delete", "Delete")}</td>
  </tr>`;
}
