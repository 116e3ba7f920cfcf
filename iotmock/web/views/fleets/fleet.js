// A fleet as it stands.

import { html } from "../../html.js";
import { Card } from "../../parts/card.js";
import { address } from "../../route/address.js";
import { count, counted, exact } from "../../words/numbers.js";

/** @param {{ fleet: any, ask: (what: { deed: string, fleet: any }) => void }} props */
export function Fleet({ fleet, ask }) {
  const { wanted, present } = fleet.devices;
  const goes = fleet.state === "deleting";
  const note = html`<div class="row">
    <span class=${`chip ${fleet.state}`}>${fleet.state}</span>
    <button type="button" class="small" disabled=${goes} aria-label=${`Scale ${fleet.name}`} onClick=${() => ask({ deed: "scale", fleet })}>Scale</button>
    <button type="button" class="small danger" disabled=${goes} aria-label=${`Delete ${fleet.name}`} onClick=${() => ask({ deed: "delete", fleet })}>Delete</button>
  </div>`;
  return html`<${Card} title=${fleet.name} note=${note}>
    <p>${count(present)} of ${counted(wanted, "device")} are there
      · <a href=${address(["devices"], { id_prefix: `${fleet.name}-` })}>show them</a></p>
    <${Progress} name=${fleet.name} wanted=${wanted} present=${present} />
    ${fleet.problem && html`<p class="bad" role="alert">${fleet.problem}</p>`}
    <div class="scroll lines"><table>
      <caption class="hidden-text">Groups of ${fleet.name}</caption>
      <thead><tr><th scope="col">Group</th><th scope="col">Type</th><th scope="col">Location</th>
        <th scope="col" class="num">Base power</th><th scope="col" class="num">There</th><th scope="col" class="num">Wanted</th></tr></thead>
      <tbody>${fleet.groups.map((/** @type {any} */ group) => html`<${Group} key=${group.name} group=${group} />`)}</tbody>
    </table></div>
  <//>`;
}

/** @param {{ name: string, wanted: number, present: number }} props */
function Progress({ name, wanted, present }) {
  if (wanted === present) return null;
  const most = Math.max(wanted, present);
  return html`<progress aria-label=${`Devices of ${name} that are there`} max=${most} value=${present}></progress>`;
}

/** @param {{ group: any }} props */
function Group({ group }) {
  const spread = group.base_power_spread ? ` ± ${exact(100 * group.base_power_spread)} %` : "";
  return html`<tr>
    <td>${group.name}</td>
    <td>${group.device_type}${group.profile ? `, ${group.profile}` : ""}</td>
    <td>${group.location}</td>
    <td class="num">${exact(group.base_power)} kW${spread}</td>
    <td class="num">${count(group.present)}</td>
    <td class="num">${count(group.wanted)}</td>
  </tr>`;
}
