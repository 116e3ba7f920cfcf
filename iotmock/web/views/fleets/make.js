// A fleet is made: here of one group; REST makes it of many.

import { fieldOf } from "../../forms/fields.js";
import { Form } from "../../forms/form.js";
import { html } from "../../html.js";
import { useDeviceTypes } from "../../live/types.js";
import { call } from "../../net/api.js";
import { Dialog } from "../../parts/dialog.js";
import { say } from "../../parts/notices.js";
import { Loading } from "../../parts/states.js";
import { counted } from "../../words/numbers.js";

/** @param {any[]} types */
function fields(types) {
  const names = types.map(({ device_type: type }) => type);
  return [
    fieldOf("name", { type: "string", description: "begins its devices' ids: 1 to 54 of A-Z a-z 0-9 _ . -" }, true),
    fieldOf("device_type", { enum: names }, true),
    fieldOf("count", { type: "integer", minimum: 0, maximum: 1_000_000, description: "how many devices" }, true),
    fieldOf("group", { type: "string", description: "the group's name; else its type" }),
    fieldOf("location", { type: "string", description: "where they are" }),
    fieldOf("interval", { type: "number", minimum: 0.1, maximum: 86_400, description: "between readings; else the simulation's, s" }),
    fieldOf("base_power", { type: "number", minimum: 0.001, maximum: 10_000, description: "else the type's, kW" }),
    fieldOf("base_power_spread", { type: "number", minimum: 0, maximum: 100, description: "base powers lie evenly within, ±, %" }),
  ];
}

/** @param {{ close: () => void, done: () => void }} props */
export function MakeFleet({ close, done }) {
  const types = useDeviceTypes();
  const submit = async (/** @type {any} */ { name, group, base_power_spread: spread, ...rest }) => {
    const one = { ...rest, name: group, base_power_spread: spread === undefined ? undefined : spread / 100 };
    await call("api/v1/fleets", { method: "POST", body: { name, groups: [one] } });
    say(`${counted(rest.count, "device")} of ${name} are being made.`);
    done();
  };
  return html`<${Dialog} title="Make a fleet" close=${close}>
    ${types ? html`<${Form} fields=${fields(types)} deed="Make it" submit=${submit} cancel=${close} />` : html`<${Loading} what="the device types" />`}
  <//>`;
}
