// The devices, a page at a time: filtered and sorted by the service, however many there are.

import { useState } from "preact/hooks";

import { html } from "../../html.js";
import { useAnswer } from "../../net/use.js";
import { Answered, Empty } from "../../parts/states.js";
import { Pager } from "../../parts/pager.js";
import { go } from "../../route/place.js";
import { counted } from "../../words/numbers.js";
import { DeleteDevice } from "../device/delete.js";
import { ChangeDevice } from "./change.js";
import { Filters } from "./filters.js";
import { MakeDevice } from "./make.js";
import { listing, PAGE } from "./query.js";
import { Table } from "./table.js";

const REFRESH_MS = 10_000;

/** @param {{ place: import("../../route/address.js").Place }} props */
export function DevicesView({ place: { query } }) {
  const found = useAnswer(`api/v1/devices?${listing(query)}`, REFRESH_MS);
  const [asked, setAsked] = useState(/** @type {{ deed: string, device: any } | null} */ (null));
  const set = (/** @type {Record<string, any>} */ more, replace = false) =>
    go(["devices"], { ...query, offset: undefined, ...more }, { replace });
  const closed = () => setAsked(null);
  const done = () => (setAsked(null), found.again());
  const made = () => set({ new: undefined });
  return html`<div class="row title">
      <h1>Devices</h1>
      <span class="soft" role="status">${found.data && counted(found.data.total, "device")}</span>
      <button type="button" class="primary" onClick=${() => set({ new: "device" })}>Make a device</button>
    </div>
    <${Filters} query=${query} set=${set} />
    <${Answered} of=${found} what="the devices">
      ${(/** @type {any} */ { devices, total }) =>
        total === 0
          ? html`<${None} query=${query} />`
          : html`<${Table} devices=${devices} query=${query} set=${set} ask=${setAsked} />
              <${Pager} total=${total} limit=${PAGE} offset=${Number(query.offset ?? 0)} turn=${(/** @type {number} */ offset) => set({ offset: offset || undefined })} />`}
    <//>
    ${query.new && html`<${MakeDevice} close=${made} done=${(/** @type {string} */ id) => go(["devices", id])} />`}
    ${asked?.deed === "change" && html`<${ChangeDevice} device=${asked.device} close=${closed} done=${done} />`}
    ${asked?.deed === "delete" && html`<${DeleteDevice} id=${asked.device.device_id} close=${closed} done=${done} />`}`;
}

/** @param {{ query: Record<string, string> }} props */
function None({ query }) {
  const filtered = ["device_type", "status", "location", "name", "id_prefix"].some((name) => query[name]);
  if (!filtered) {
    return html`<${Empty} title="There is no device yet."><p>Make one, or <a href="#/fleets?new=fleet">a fleet of many</a>.</p><//>`;
  }
  return html`<${Empty} title="No device is like that."><p><a href="#/devices">Show all devices</a></p><//>`;
}
