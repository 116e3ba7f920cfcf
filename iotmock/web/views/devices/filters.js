// Which devices: what is chosen stands in the address.

import { html } from "../../html.js";
import { useDeviceTypes } from "../../live/types.js";
import { Typed } from "../../parts/typed.js";

const STATUSES = ["online", "offline", "error"];

/**
 * @param {{ query: Record<string, string>, set: (more: Record<string, any>, replace?: boolean) => void }} props
 */
export function Filters({ query, set }) {
  const types = (useDeviceTypes() ?? []).map(({ device_type: type }) => type);
  const typed = (/** @type {string} */ name, /** @type {string} */ label) =>
    html`<${Typed} name=${name} label=${label} value=${query[name] ?? ""} set=${set} />`;
  return html`<form class="filters" role="search" aria-label="Devices" onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
    ${typed("id_prefix", "Id begins with")} ${typed("name", "Name has in it")}
    <${Chosen} name="device_type" label="Type" value=${query.device_type} of=${types} set=${set} />
    <${Chosen} name="status" label="Status" value=${query.status} of=${STATUSES} set=${set} />
    ${typed("location", "Location is")}
  </form>`;
}

/** @param {{ name: string, label: string, value?: string, of: string[], set: (more: any) => void }} props */
function Chosen({ name, label, value = "", of, set }) {
  const choices = value && !of.includes(value) ? [...of, value] : of;
  return html`<div>
    <label for=${`filter-${name}`}>${label}</label>
    <select id=${`filter-${name}`} value=${value} onChange=${(/** @type {any} */ event) => set({ [name]: event.target.value })}>
      <option value="">all</option>
      ${choices.map((choice) => html`<option key=${choice} value=${choice}>${choice}</option>`)}
    </select>
  </div>`;
}
