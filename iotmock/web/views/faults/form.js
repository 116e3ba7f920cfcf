// Which fault, with its own parameters, when and for how long.

import { useMemo, useState } from "preact/hooks";

import { fieldOf, fieldsOf } from "../../forms/fields.js";
import { Form } from "../../forms/form.js";
import { html } from "../../html.js";
import { useFaultTypes } from "../../live/types.js";
import { Loading } from "../../parts/states.js";

const OWN = ["start", "duration"];
const WHEN = [
  fieldOf("duration", { type: "number", exclusiveMinimum: 0, description: "how long; else until it is cleared, s" }),
  fieldOf("start", { type: "string", description: "when it begins, as 2025-08-09T16:30:00Z; else now" }),
];

/**
 * @param {{ type?: string, submit: (body: any) => Promise<unknown>, cancel: () => void,
 *   more?: import("../../forms/fields.js").Field[] }} props `type`: only what such devices can have;
 *   `more` are further fields, whose values come as they are
 */
export function FaultForm({ type, submit, cancel, more = [] }) {
  const types = useFaultTypes();
  const [name, setName] = useState("");
  const known = (types ?? []).filter((one) => !type || !one.device_type || one.device_type === type);
  const chosen = known.find((one) => one.fault === name) ?? known[0];
  const own = useMemo(() => (chosen ? fieldsOf(chosen.parameters) : []), [chosen]);
  if (!chosen) return html`<${Loading} what="the fault types" />`;
  const fields = [...own, ...WHEN.filter((field) => field.name !== "duration" || !chosen.momentary), ...more];
  const apart = new Set([...OWN, ...more.map((field) => field.name)]);
  const send = (/** @type {Record<string, unknown>} */ values) => {
    const all = Object.entries(values);
    const parameters = Object.fromEntries(all.filter(([key]) => !apart.has(key)));
    return submit({ fault: chosen.fault, parameters, ...Object.fromEntries(all.filter(([key]) => apart.has(key))) });
  };
  return html`<label for="fault">Fault</label>
    <select id="fault" value=${chosen.fault} onChange=${(/** @type {any} */ event) => setName(event.target.value)}>
      ${known.map((one) => html`<option key=${one.fault} value=${one.fault}>${one.fault} (${one.kind})</option>`)}
    </select>
    <p class="hint">${chosen.description}</p>
    <${Form} key=${chosen.fault} fields=${fields} deed="Inject" submit=${send} cancel=${cancel} />`;
}
