// From a JSON Schema to what one fills in, and from what was filled in to values.

import { exact } from "../words/numbers.js";

const UNIT = /(?:^|, )(kWh|kW|V|A|s|%|°C|ppm)$/;
const NOTHING = "";

/**
 * @typedef {object} Field
 * @property {string} name
 * @property {"number" | "integer" | "boolean" | "choice" | "text" | "json"} kind
 * @property {string} label
 * @property {string} unit
 * @property {string} hint
 * @property {boolean} required
 * @property {string} start what stands in it at first
 * @property {string[]} choices
 * @property {number} [min]
 * @property {number} [max]
 */

/**
 * @param {any} schema of an object, without references
 * @returns {Field[]}
 */
export function fieldsOf(schema) {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).map(([name, of]) => fieldOf(name, of, required.has(name)));
}

/**
 * @param {string} name
 * @param {any} schema
 * @param {boolean} required
 * @returns {Field}
 */
export function fieldOf(name, schema, required = false) {
  const own = { ...schema, ...schema.anyOf?.find((/** @type {any} */ one) => one.type !== "null") };
  const said = own.description ?? "";
  const unit = UNIT.exec(said)?.[1] ?? "";
  return {
    name,
    kind: kindOf(own),
    label: words(name),
    unit,
    hint: [unit ? said.replace(UNIT, "") : said, rangeOf(own, unit)].filter(Boolean).join("; "),
    required,
    start: asText(schema.default),
    choices: own.enum ?? [],
    min: own.minimum ?? own.exclusiveMinimum,
    max: own.maximum ?? own.exclusiveMaximum,
  };
}

/** @param {unknown} value */
function asText(value) {
  if (value === undefined || value === null) return NOTHING;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** @param {any} schema @returns {Field["kind"]} */
function kindOf(schema) {
  if (schema.enum) return "choice";
  if (schema.type === "object" || schema.type === "array") return "json";
  const known = /** @type {const} */ (["number", "integer", "boolean"]);
  return known.find((kind) => kind === schema.type) ?? "text";
}

/** @param {string} name */
export function words(name) {
  const text = name.replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** @param {any} schema @param {string} unit */
function rangeOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }, unit) {
  const after = unit ? ` ${unit}` : "";
  const low = minimum ?? exclusiveMinimum;
  const high = maximum ?? exclusiveMaximum;
  if (low === undefined || high === undefined) return exclusiveMinimum === 0 ? "more than 0" : "";
  const from = exclusiveMinimum === undefined ? exact(low) : `more than ${exact(low)}`;
  const to = exclusiveMaximum === undefined ? exact(high) : `less than ${exact(high)}`;
  return `${from} to ${to}${after}`;
}

/**
 * @param {Field[]} fields
 * @returns {Record<string, string>} what stands in them at first
 */
export function startOf(fields) {
  return Object.fromEntries(fields.map((field) => [field.name, startValue(field)]));
}

/** @param {Field} field */
function startValue({ kind, start, required, choices }) {
  if (start !== NOTHING) return start;
  if (kind === "boolean" && required) return "true";
  return kind === "choice" && required ? (choices[0] ?? "") : "";
}

/**
 * What was filled in, as values; what was left empty is left out.
 * @param {Field[]} fields
 * @param {Record<string, string>} texts
 * @returns {{ values: Record<string, unknown>, faults: Record<string, string> }}
 */
export function valuesOf(fields, texts) {
  /** @type {Record<string, unknown>} */
  const values = {};
  /** @type {Record<string, string>} */
  const faults = {};
  for (const field of fields) {
    const text = (texts[field.name] ?? "").trim();
    if (text === "") {
      if (field.required) faults[field.name] = "is needed";
      continue;
    }
    const value = valueOf(field.kind, text);
    if (value === undefined) faults[field.name] = field.kind === "json" ? "must be JSON" : "must be a number";
    else values[field.name] = value;
  }
  return { values, faults };
}

/** @param {Field["kind"]} kind @param {string} text */
function valueOf(kind, text) {
  if (kind === "boolean") return text === "true";
  if (kind === "number" || kind === "integer") return Number.isFinite(Number(text)) ? Number(text) : undefined;
  if (kind !== "json") return text;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
