// A fault is injected into one device.

import { html } from "../../html.js";
import { call } from "../../net/api.js";
import { Dialog } from "../../parts/dialog.js";
import { say } from "../../parts/notices.js";
import { FaultForm } from "../faults/form.js";

/** @param {{ device: any, close: () => void, done: () => void }} props */
export function InjectFault({ device, close, done }) {
  const submit = async (/** @type {any} */ body) => {
    await call(`api/v1/devices/${encodeURIComponent(device.device_id)}/faults`, { method: "POST", body });
    say(`${body.fault} is injected into ${device.device_id}.`);
    done();
  };
  return html`<${Dialog} title=${`Inject a fault into ${device.device_id}`} close=${close}>
    <${FaultForm} type=${device.device_type} submit=${submit} cancel=${close} />
  <//>`;
}
