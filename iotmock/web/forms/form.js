// A form from fields: what the service says is wrong stands where it is wrong.

import { useId, useState } from "preact/hooks";

import { html } from "../html.js";
import { ApiError } from "../net/api.js";
import { startOf, valuesOf } from "./fields.js";
import { Input } from "./input.js";

/** @typedef {import("./fields.js").Field} Field */
/** @typedef {{ title: string, fields: Field[], note?: any }} Section fields that belong together */

/**
 * @param {{ fields: Field[], sections?: Section[], deed: string, start?: Record<string, string>,
 *   submit: (values: Record<string, unknown>) => Promise<unknown>, cancel?: () => void,
 *   changed?: (texts: Record<string, string>) => void, children?: any }} props
 */
export function Form({ fields: first, sections = [], deed, start = {}, submit, cancel, changed, children }) {
  const id = useId();
  const fields = [...first, ...sections.flatMap((section) => section.fields)];
  const [texts, setTexts] = useState({ ...startOf(fields), ...start });
  const [faults, setFaults] = useState(/** @type {Record<string, string>} */ ({}));
  const [busy, setBusy] = useState(false);
  const change = (/** @type {string} */ name, /** @type {string} */ text) => {
    const next = { ...texts, [name]: text };
    setTexts(next);
    changed?.(next);
  };
  const send = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const read = valuesOf(fields, { ...startOf(fields), ...texts });
    setFaults(read.faults);
    if (Object.keys(read.faults).length) return;
    setBusy(true);
    try {
      await submit(read.values);
    } catch (error) {
      setFaults(faultsOf(error, fields));
    } finally {
      setBusy(false);
    }
  };
  const inputs = (/** @type {Field[]} */ some) => html`<div class="fields">${some.map(
    (field) => html`<${Input} key=${field.name} id=${`${id}-${field.name}`} field=${field}
      text=${texts[field.name] ?? startOf([field])[field.name]} fault=${faults[field.name]}
      change=${(/** @type {string} */ text) => change(field.name, text)} />`,
  )}</div>`;
  return html`<form onSubmit=${send} novalidate>
    ${inputs(first)}
    ${sections.map((section) => html`<${Together} key=${section.fields[0]?.name} of=${section}>${inputs(section.fields)}<//>`)}
    ${children}
    ${faults[""] && html`<p class="fault" role="alert">${faults[""]}</p>`}
    <div class="row actions">
      ${cancel && html`<button type="button" onClick=${cancel}>Cancel</button>`}
      <button class="primary" disabled=${busy}>${deed}</button>
    </div>
  </form>`;
}

/** @param {{ of: Section, children?: any }} props */
function Together({ of: { title, note }, children }) {
  if (!title) return children;
  return html`<fieldset><legend>${title}</legend>${note}${children}</fieldset>`;
}

/**
 * What is wrong by field; what belongs to none is under "".
 * @param {unknown} error
 * @param {import("./fields.js").Field[]} fields
 * @returns {Record<string, string>}
 */
export function faultsOf(error, fields) {
  const told = error instanceof ApiError ? error.faults : [];
  const names = new Set(fields.map(({ name }) => name));
  /** @type {Record<string, string>} */
  const faults = {};
  for (const { field, message } of told) {
    const name = [field, ...field.split(".").reverse()].find((part) => names.has(part)) ?? "";
    faults[name] = name ? message : `${field}: ${message}`;
  }
  return told.length ? faults : { "": /** @type {Error} */ (error).message };
}
