// The ledger of the whole fleet: what is wrong on purpose and was, and faults for many at a time.

import { useEffect, useState } from "preact/hooks";

import { html } from "../../html.js";
import { useLedger } from "../../live/ledger.js";
import { useFaultTypes } from "../../live/types.js";
import { summary } from "../../live/live.js";
import { call } from "../../net/api.js";
import { tell } from "../../parts/notices.js";
import { Pager } from "../../parts/pager.js";
import { Answered } from "../../parts/states.js";
import { go } from "../../route/place.js";
import { useStore } from "../../store.js";
import { counted } from "../../words/numbers.js";
import { Groups } from "./groups.js";
import { InjectMany } from "./many.js";
import { FaultTable } from "./table.js";

const PAGE = 50;
const REFRESH_MS = 5_000;

/** @param {{ place: import("../../route/address.js").Place }} props */
export function FaultsView({ place: { query } }) {
  const { device_id, fault } = query;
  const found = useLedger({ device_id, fault }, Number(query.offset ?? 0), PAGE, REFRESH_MS);
  const active = useStore(summary)?.faults_active;
  useEffect(() => found.again(), [active]);
  const set = (/** @type {Record<string, any>} */ more) => go(["faults"], { ...query, offset: undefined, ...more });
  const clear = async (/** @type {string} */ group) => {
    await tell("The faults of this request are cleared.", () => call(`api/v1/faults?group=${encodeURIComponent(group)}`, { method: "DELETE" }));
    found.again();
  };
  return html`<div class="row title"><h1>Faults</h1>
      ${active !== undefined && html`<span class="soft" role="status">${counted(active, "fault")} active</span>`}
      <button type="button" class="primary" onClick=${() => set({ new: "fault" })}>Inject into many</button>
    </div>
    <${Filters} query=${query} set=${set} />
    <${Answered} of=${found} what="the ledger">
      ${(/** @type {any} */ { faults, total }) => html`
        <${Groups} faults=${faults} clear=${clear} />
        <section class="card" aria-label="The ledger"><${FaultTable} faults=${faults} total=${total} devices=${true} /></section>
        <${Pager} total=${total} limit=${PAGE} offset=${Number(query.offset ?? 0)} turn=${(/** @type {number} */ offset) => set({ offset: offset || undefined })} />`}
    <//>
    ${query.new && html`<${InjectMany} close=${() => set({ new: undefined })} done=${() => (set({ new: undefined }), found.again())} />`}`;
}

/** @param {{ query: Record<string, string>, set: (more: any) => void }} props */
function Filters({ query, set }) {
  const types = (useFaultTypes() ?? []).map(({ fault }) => fault);
  const [id, setId] = useState(query.device_id ?? "");
  useEffect(() => setId(query.device_id ?? ""), [query.device_id]);
  const look = (/** @type {Event} */ event) => {
    event.preventDefault();
    set({ device_id: id.trim() });
  };
  return html`<form class="filters" role="search" aria-label="Faults" onSubmit=${look}>
    <div><label for="of-device">Device id</label>
      <input id="of-device" type="search" autocomplete="off" value=${id} onInput=${(/** @type {any} */ event) => setId(event.target.value)} onChange=${look} /></div>
    <div><label for="of-fault">Fault</label>
      <select id="of-fault" value=${query.fault ?? ""} onChange=${(/** @type {any} */ event) => set({ fault: event.target.value })}>
        <option value="">all</option>
        ${types.map((type) => html`<option key=${type} value=${type}>${type}</option>`)}
      </select></div>
  </form>`;
}
