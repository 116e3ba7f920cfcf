// What a device is made of, and what of it can change.

import { fieldOf } from "../../forms/fields.js";

const SCHEMAS = {
  name: { type: "string", description: "1 to 100 characters" },
  location: { type: "string", description: "where it is; up to 200 characters" },
  base_power: { type: "number", minimum: 0.001, maximum: 10_000, description: "what it draws at most times, kW" },
  base_voltage: { type: "number", minimum: 100, maximum: 1_000, description: "nominal, V" },
  interval: { type: "number", minimum: 0.1, maximum: 86_400, description: "between its readings; else the simulation's, s" },
  enabled: { type: "boolean", description: "a disabled device draws nothing" },
  device_id: { type: "string", description: "1 to 64 of A-Z a-z 0-9 _ . -; else the next free one" },
};

/**
 * @param {keyof typeof SCHEMAS} name
 * @param {boolean} [required]
 */
function own(name, required = false) {
  return fieldOf(name, SCHEMAS[name], required);
}

/**
 * @param {any[]} types of the service
 * @param {string} chosen a device type
 */
export function newFields(types, chosen) {
  const type = types.find((one) => one.device_type === chosen) ?? types[0];
  const profiles = type.profiles.map((/** @type {any} */ one) => one.profile);
  const { base_power: power, base_voltage: voltage } = type.defaults;
  return [
    fieldOf("device_type", { enum: types.map((one) => one.device_type), description: type.description }, true),
    own("name", true),
    fieldOf("profile", { enum: profiles, description: "a variant of the type; else the first" }),
    own("location"),
    { ...own("base_power"), hint: `else the profile's; ${power} kW is the type's` },
    { ...own("base_voltage"), hint: `else the profile's; ${voltage} V is the type's` },
    own("interval"),
    own("device_id"),
  ];
}

export const CHANGES = [own("name", true), own("location"), own("base_power", true), own("base_voltage", true), own("interval", true), own("enabled", true)];
