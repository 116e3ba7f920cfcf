// A fleet's groups get other sizes; the last devices go first.

import { fieldOf } from "../../forms/fields.js";
import { Form } from "../../forms/form.js";
import { html } from "../../html.js";
import { call } from "../../net/api.js";
import { Dialog } from "../../parts/dialog.js";
import { say } from "../../parts/notices.js";

/** @param {{ fleet: any, close: () => void, done: () => void }} props */
export function ScaleFleet({ fleet, close, done }) {
  const fields = fleet.groups.map((/** @type {any} */ group) => {
    const schema = { type: "integer", minimum: 0, maximum: 1_000_000, default: group.wanted, description: "how many devices" };
    return { ...fieldOf(group.name, schema, true), label: group.name };
  });
  const submit = async (/** @type {Record<string, unknown>} */ groups) => {
    await call(`api/v1/fleets/${encodeURIComponent(fleet.name)}`, { method: "PATCH", body: { groups } });
    say(`${fleet.name} is being scaled.`);
    done();
  };
  return html`<${Dialog} title=${`Scale ${fleet.name}`} close=${close}>
    <${Form} fields=${fields} deed="Scale it" submit=${submit} cancel=${close} />
  <//>`;
}
