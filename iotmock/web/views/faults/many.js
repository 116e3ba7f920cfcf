// A fault for all devices that are alike, or for a share of them.

import { fieldOf } from "../../forms/fields.js";
import { html } from "../../html.js";
import { useDeviceTypes } from "../../live/types.js";
import { call } from "../../net/api.js";
import { Dialog } from "../../parts/dialog.js";
import { say } from "../../parts/notices.js";
import { counted } from "../../words/numbers.js";
import { FaultForm } from "./form.js";

/** @param {{ close: () => void, done: () => void }} props */
export function InjectMany({ close, done }) {
  const types = (useDeviceTypes() ?? []).map(({ device_type: type }) => type);
  const more = [
    { ...fieldOf("device_type", { enum: types }), hint: "else devices of all types" },
    fieldOf("location", { type: "string", description: "else of all locations" }),
    fieldOf("share", { type: "number", minimum: 0.1, maximum: 100, default: 100, description: "of these devices, %" }),
  ];
  const submit = async (/** @type {any} */ { device_type: type, location, share = 100, ...body }) => {
    const selector = { device_type: type, location, share: share / 100 };
    const answer = await call("api/v1/faults", { method: "POST", body: { ...body, selector } });
    const refused = answer.refused_total ? `; ${counted(answer.refused_total, "device")} can not have it` : "";
    say(`${body.fault} is injected into ${counted(answer.injected, "device")}${refused}.`);
    done();
  };
  return html`<${Dialog} title="Inject a fault into many devices" close=${close}>
    <${FaultForm} submit=${submit} cancel=${close} more=${more} />
  <//>`;
}
