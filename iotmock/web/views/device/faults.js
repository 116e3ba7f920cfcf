// How the device fails: what is active, a new fault, and what was.

import { useState } from "preact/hooks";

import { html } from "../../html.js";
import { call } from "../../net/api.js";
import { Card } from "../../parts/card.js";
import { tell } from "../../parts/notices.js";
import { Answered } from "../../parts/states.js";
import { stamp } from "../../words/moments.js";
import { FaultTable } from "../faults/table.js";
import { InjectFault } from "./inject.js";

const SHOWN = 12;

/**
 * @param {{ device: any, active: import("../../net/use.js").Loaded<any>,
 *   ledger: import("../../net/use.js").Loaded<any>, again: () => void }} props
 */
export function Faults({ device, active, ledger, again }) {
  const [asked, setAsked] = useState(false);
  const path = `api/v1/devices/${encodeURIComponent(device.device_id)}/faults`;
  const clear = async (/** @type {any} */ fault) => {
    await tell(`${fault.fault} is cleared.`, () => call(`${path}/${encodeURIComponent(fault.fault_id)}`, { method: "DELETE" }));
    again();
  };
  const note = html`<button type="button" class="small" onClick=${() => setAsked(true)}>Inject a fault</button>`;
  return html`<${Card} title="Faults" class="half" note=${note}>
    <h3>Active and to come</h3>
    <${Answered} of=${active} what="the faults">
      ${(/** @type {any} */ { faults }) => faults.length === 0 ? html`<p class="soft">Nothing is wrong with this device.</p>` : html`<ul class="problems">${faults.map((/** @type {any} */ fault) => html`<${Active} key=${fault.fault_id} fault=${fault} clear=${clear} />`)}</ul>`}
    <//>
    <h3>What was</h3>
    <${Answered} of=${ledger} what="the ledger">
      ${(/** @type {any} */ { faults, total }) => html`<${FaultTable} faults=${faults.slice(0, SHOWN)} total=${total} />`}
    <//>
    ${asked && html`<${InjectFault} device=${device} close=${() => setAsked(false)} done=${() => (setAsked(false), again())} />`}
  <//>`;
}

/** @param {{ fault: any, clear: (fault: any) => void }} props */
function Active({ fault, clear }) {
  const until = fault.end ? `until ${stamp(fault.end)}` : "until it is cleared";
  return html`<li>
    <span class=${`chip ${fault.state}`}><strong>${fault.fault}</strong></span>
    <span class="soft"> ${fault.state} from ${stamp(fault.begin)} ${until} </span>
    <button type="button" class="small" aria-label=${`Clear ${fault.fault}`} onClick=${() => clear(fault)}>Clear</button>
  </li>`;
}
