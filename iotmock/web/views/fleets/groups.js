// The groups of a new fleet: each has a key for as long as the form is open, and fields of its own.

import { fieldOf } from "../../forms/fields.js";

/** @typedef {import("../../forms/fields.js").Field} Field */
/** @typedef {{ device_type: string, profiles: { profile: string }[] }} Type */
/** @typedef {Record<string, string>} Texts */

const OF_KEY = /^groups\[(\d+)\]\./;
const KW = "else the type's, kW";

/**
 * @param {number} key
 * @param {string} name
 */
const fieldName = (key, name) => `groups[${key}].${name}`;

/**
 * The type that stands in a group's form.
 * @param {Type[]} types
 * @param {number} key
 * @param {Texts} texts
 */
function typeIn(types, key, texts) {
  const chosen = texts[fieldName(key, "device_type")];
  return types.find(({ device_type: type }) => type === chosen) ?? types[0];
}

/**
 * @param {Type[]} types
 * @param {number} key
 * @param {Texts} texts what stands in the form
 * @returns {Field[]}
 */
export function groupFields(types, key, texts) {
  const profiles = typeIn(types, key, texts)?.profiles.map(({ profile }) => profile) ?? [];
  const number = (/** @type {number} */ minimum, /** @type {number} */ maximum, /** @type {string} */ description) => ({ type: "number", minimum, maximum, description });
  const fields = [
    fieldOf("device_type", { enum: types.map(({ device_type: type }) => type) }, true),
    fieldOf("profile", { enum: profiles, description: "else the first" }),
    fieldOf("count", { ...number(0, 1_000_000, "how many devices"), type: "integer" }, true),
    fieldOf("group", { type: "string", description: "its name; else its type" }),
    fieldOf("location", { type: "string", description: "where they are" }),
    fieldOf("interval", number(0.1, 86_400, "between readings; else the simulation's, s")),
    fieldOf("base_power", number(0.001, 10_000, KW)),
    fieldOf("base_power_spread", number(0, 100, "base powers lie evenly within, ±, %")),
  ];
  return fields.map((field) => ({ ...field, name: fieldName(key, field.name) }));
}

/**
 * How many devices the form asks for.
 * @param {number[]} keys
 * @param {Texts} texts
 */
export function devicesIn(keys, texts) {
  return keys.reduce((sum, key) => sum + Math.max(0, Number(texts[fieldName(key, "count")]) || 0), 0);
}

/**
 * @param {Type[]} types
 * @param {number[]} keys
 * @param {Record<string, any>} values of the form
 * @returns {Record<string, any>[]} the groups as the service takes them
 */
export function groupsOf(types, keys, values) {
  return keys.map((key) => {
    const value = (/** @type {string} */ name) => values[fieldName(key, name)];
    const spread = value("base_power_spread");
    const knows = typeIn(types, key, values)?.profiles.some(({ profile }) => profile === value("profile"));
    return {
      device_type: value("device_type"),
      count: value("count"),
      name: value("group"),
      // It may be left from a type that was chosen before.
      profile: knows ? value("profile") : undefined,
      location: value("location"),
      interval: value("interval"),
      base_power: value("base_power"),
      base_power_spread: spread === undefined ? undefined : spread / 100,
    };
  });
}

/**
 * Where in the form it is that the service finds wrong: it counts groups, the form has their keys.
 * @param {string} field as groups[1].count
 * @param {number[]} keys
 */
export function inForm(field, keys) {
  const place = OF_KEY.exec(field);
  if (!place) return field;
  const name = field.slice(place[0].length);
  return fieldName(keys[Number(place[1])] ?? 0, name === "name" ? "group" : name);
}
