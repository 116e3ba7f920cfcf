// A device is changed: only what was changed here is sent.

import { Form } from "../../forms/form.js";
import { html } from "../../html.js";
import { call } from "../../net/api.js";
import { Dialog } from "../../parts/dialog.js";
import { say } from "../../parts/notices.js";
import { CHANGES } from "./fields.js";

/** @param {{ device: any, close: () => void, done: () => void }} props */
export function ChangeDevice({ device, close, done }) {
  const start = Object.fromEntries(CHANGES.map(({ name }) => [name, String(device[name])]));
  const submit = async (/** @type {Record<string, unknown>} */ values) => {
    const wanted = { location: "", ...values };
    const body = Object.fromEntries(Object.entries(wanted).filter(([name, value]) => value !== device[name]));
    await call(`api/v1/devices/${encodeURIComponent(device.device_id)}`, { method: "PATCH", body });
    say(`${device.device_id} is changed.`);
    done();
  };
  return html`<${Dialog} title=${`Change ${device.device_id}`} close=${close}>
    <${Form} fields=${CHANGES} start=${start} deed="Change it" submit=${submit} cancel=${close} />
  <//>`;
}
