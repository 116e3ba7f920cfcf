// One device: what it draws now and will, its commands, its faults, what it sends.

import { useCallback, useRef, useState } from "preact/hooks";

import { html } from "../../html.js";
import { useLedger } from "../../live/ledger.js";
import { useReadings } from "../../live/readings.js";
import { useAnswer } from "../../net/use.js";
import { Answered, Empty } from "../../parts/states.js";
import { go } from "../../route/place.js";
import { ChangeDevice } from "../devices/change.js";
import { Commands } from "./commands.js";
import { Curves } from "./curves.js";
import { DeleteDevice } from "./delete.js";
import { Facts } from "./facts.js";
import { Faults } from "./faults.js";
import { Messages } from "./messages.js";

const REFRESH_MS = 15_000;
const KEPT = 900;
const LEDGER = 100;
const OTHER_KINDS = ",status,command,fault";

/** @param {{ place: import("../../route/address.js").Place }} props */
export function DeviceView({ place }) {
  const id = place.path[1] ?? "";
  const path = `api/v1/devices/${encodeURIComponent(id)}`;
  const device = useAnswer(path, REFRESH_MS);
  const active = useAnswer(`${path}/faults`, REFRESH_MS);
  const ledger = useLedger({ device_id: id }, 0, LEDGER, REFRESH_MS);
  const again = () => (device.again(), active.again(), ledger.again());
  const latest = useRef(again);
  latest.current = again;
  const heard = useCallback(() => latest.current(), []);
  const readings = useReadings([id], KEPT, { kinds: OTHER_KINDS, heard }).get(id) ?? [];
  const [asked, setAsked] = useState("");
  if (device.error?.status === 404) return html`<h1>${id}</h1><${Gone} />`;
  return html`<${Answered} of=${device} what=${id}>
    ${(/** @type {any} */ found) => html`
      <${Head} device=${found} ask=${setAsked} />
      <${Facts} device=${found} reading=${readings.at(-1)} />
      <div class="grid">
        <${Curves} id=${id} live=${readings} faults=${ledger.data?.faults ?? []} day=${place.query.span === "day"} />
        <${Commands} device=${found} />
        <${Faults} device=${found} active=${active} ledger=${ledger} again=${again} />
        <${Messages} id=${id} />
      </div>
      ${asked === "change" && html`<${ChangeDevice} device=${found} close=${() => setAsked("")} done=${() => (setAsked(""), again())} />`}
      ${asked === "delete" && html`<${DeleteDevice} id=${id} close=${() => setAsked("")} done=${() => go(["devices"])} />`}
    `}
  <//>`;
}

/** @param {{ device: any, ask: (deed: string) => void }} props */
function Head({ device, ask }) {
  return html`<nav aria-label="Where this is" class="crumbs"><a href="#/devices">Devices</a></nav>
    <div class="row title">
      <h1><bdi>${device.name}</bdi> <span class="soft mono">${device.device_id}</span></h1>
      <span class=${`chip ${device.status}`}>${device.status}${device.enabled ? "" : ", disabled"}</span>
      <button type="button" onClick=${() => ask("change")}>Change</button>
      <button type="button" class="danger" onClick=${() => ask("delete")}>Delete</button>
    </div>`;
}

function Gone() {
  return html`<${Empty} title="There is no such device (any more)."><p><a href="#/devices">All devices</a></p><//>`;
}
