// A page of sites: what passes the main meter as it comes, and what is there.

import { Spark } from "../../chart/spark.js";
import { html } from "../../html.js";
import { useReadings } from "../../live/readings.js";
import { address } from "../../route/address.js";
import { count, counted, withUnit } from "../../words/numbers.js";

const DRAWN = 60;

/** @typedef {{ location: string, devices: number, meter: string, power: number, black_out: boolean, island: boolean }} Site */

/** @param {{ locations: Site[] }} props */
export function Table({ locations }) {
  const readings = useReadings(locations.map(({ meter }) => meter), DRAWN);
  return html`<div class="card scroll"><table class="devices">
    <caption class="hidden-text">Sites</caption>
    <thead><tr>
      <th scope="col">Location</th><th scope="col">Grid</th><th scope="col" class="num wide">Devices</th>
      <th scope="col" class="num">Main meter</th><th scope="col" class="wide">Lately</th>
    </tr></thead>
    <tbody>${locations.map((site) => html`<${Row} key=${site.location} site=${site} readings=${readings.get(site.meter) ?? []} />`)}</tbody>
  </table></div>`;
}

/** @param {{ site: Site, readings: import("../../live/readings.js").Reading[] }} props */
function Row({ site, readings }) {
  const { location, devices, meter, power } = site;
  return html`<tr>
    <td><a href=${address(["devices"], { location })}>${location}</a><span class="beneath soft">${counted(devices, "device")}</span></td>
    <td><${Grid} site=${site} /></td>
    <td class="num wide">${count(devices)}</td>
    <td class="num"><a href=${address(["devices", meter])} aria-label=${`${withUnit(power, "kW")}, the main meter of ${location}`}>${withUnit(power, "kW")}</a></td>
    <td class="wide"><${Spark} values=${readings.map((reading) => reading.power)} label=${`power of ${location} lately`} /></td>
  </tr>`;
}

/**
 * An island is what a black-out leaves where a battery feeds it.
 * @param {{ site: Site }} props
 */
function Grid({ site: { black_out: dark, island } }) {
  if (!dark) return html`<span class="chip online">there</span>`;
  const says = island ? "the grid is away, a battery feeds what is on its side" : "the grid is away";
  return html`<span title=${says} class=${`chip ${island ? "offline" : "error"}`}>${island ? "island" : "black-out"}</span>`;
}
