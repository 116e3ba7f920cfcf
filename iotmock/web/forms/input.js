// One field: its label with its unit, what is allowed, and what is wrong with what is in it.

import { html } from "../html.js";

/**
 * @param {{ field: import("./fields.js").Field, id: string, text: string, fault?: string | undefined,
 *   change: (text: string) => void }} props
 */
export function Input({ field, id, text, fault, change }) {
  const told = [field.hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(" ");
  const shared = {
    id,
    name: field.name,
    value: text,
    required: field.required,
    "aria-invalid": fault ? "true" : undefined,
    "aria-describedby": told || undefined,
    onInput: (/** @type {any} */ event) => change(event.target.value),
  };
  return html`<div class="field">
    <label for=${id}>${field.label}${field.unit && html` <span class="unit">(${field.unit})</span>`}${!field.required && html` <span class="unit">optional</span>`}</label>
    <${Control} field=${field} shared=${shared} />
    ${field.hint && html`<p class="hint" id=${`${id}-hint`}>${field.hint}</p>`}
    ${fault && html`<p class="fault" id=${`${id}-fault`}>${fault}</p>`}
  </div>`;
}

/** @param {{ field: import("./fields.js").Field, shared: any }} props */
function Control({ field, shared }) {
  if (field.kind === "boolean") return html`<${Choices} shared=${shared} choices=${["true", "false"]} texts=${["yes", "no"]} required=${field.required} />`;
  if (field.kind === "choice") return html`<${Choices} shared=${shared} choices=${field.choices} texts=${field.choices} required=${field.required} />`;
  if (field.kind === "json") return html`<textarea rows="3" spellcheck=${false} class="mono" ...${shared}></textarea>`;
  if (field.kind === "text") return html`<input type="text" autocomplete="off" ...${shared} />`;
  return html`<input type="number" step=${field.kind === "integer" ? 1 : "any"} min=${field.min} max=${field.max} inputmode="decimal" ...${shared} />`;
}

/** @param {{ shared: any, choices: string[], texts: string[], required: boolean }} props */
function Choices({ shared, choices, texts, required }) {
  return html`<select ...${shared}>
    ${!required && html`<option value="">–</option>`}
    ${choices.map((choice, index) => html`<option key=${choice} value=${choice}>${texts[index]}</option>`)}
  </select>`;
}
