// A fleet is made, of one group or of several.

import { useState } from "preact/hooks";

import { fieldOf } from "../../forms/fields.js";
import { Form } from "../../forms/form.js";
import { html } from "../../html.js";
import { useDeviceTypes } from "../../live/types.js";
import { ApiError, call } from "../../net/api.js";
import { Dialog } from "../../parts/dialog.js";
import { say } from "../../parts/notices.js";
import { Loading } from "../../parts/states.js";
import { counted } from "../../words/numbers.js";
import { devicesIn, groupFields, groupsOf, inForm } from "./groups.js";

const MOST_GROUPS = 100;
const NAME = fieldOf("name", { type: "string", description: "begins its devices' ids: 1 to 54 of A-Z a-z 0-9 _ . -" }, true);

/** @param {{ close: () => void, done: () => void }} props */
export function MakeFleet({ close, done }) {
  const types = useDeviceTypes();
  return html`<${Dialog} title="Make a fleet" close=${close}>
    ${types ? html`<${FleetForm} types=${types} close=${close} done=${done} />` : html`<${Loading} what="the device types" />`}
  <//>`;
}

/** @param {{ types: any[], close: () => void, done: () => void }} props */
function FleetForm({ types, close, done }) {
  const [keys, setKeys] = useState([0]);
  const [texts, setTexts] = useState(/** @type {Record<string, string>} */ ({}));
  const more = () => setKeys([...keys, Math.max(...keys) + 1]);
  const less = (/** @type {number} */ key) => setKeys(keys.filter((one) => one !== key));
  const sections = keys.map((key, index) => ({
    title: keys.length > 1 ? `Group ${index + 1}` : "",
    fields: groupFields(types, key, texts),
    note: keys.length > 1 && html`<button type="button" class="small" aria-label=${`Leave out group ${index + 1}`} onClick=${() => less(key)}>Leave out</button>`,
  }));
  const submit = async (/** @type {Record<string, any>} */ values) => {
    const body = { name: values.name, groups: groupsOf(types, keys, values) };
    await make(body, keys);
    say(`${counted(devicesIn(keys, texts), "device")} of ${values.name} are being made.`);
    done();
  };
  return html`<${Form} fields=${[NAME]} sections=${sections} deed="Make it" submit=${submit} changed=${setTexts} cancel=${close}>
    <div class="row">
      <button type="button" class="small" disabled=${keys.length >= MOST_GROUPS} onClick=${more}>Add a group</button>
      ${keys.length > 1 && html`<span class="soft">${counted(devicesIn(keys, texts), "device")} in ${keys.length} groups</span>`}
    </div>
  <//>`;
}

/**
 * @param {unknown} body
 * @param {number[]} keys
 */
async function make(body, keys) {
  try {
    await call("api/v1/fleets", { method: "POST", body });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new ApiError(error.status, error.message, error.faults.map((fault) => ({ ...fault, field: inForm(fault.field, keys) })));
  }
}
