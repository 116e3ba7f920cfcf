// Forms from JSON Schemas, and values from forms.

import assert from "node:assert/strict";
import { test } from "node:test";

import { fieldsOf, startOf, valuesOf } from "../../../iotmock/web/forms/fields.js";

const SCHEMA = {
  type: "object",
  properties: {
    power: { description: "base power, kW", type: "number", minimum: 0.001, maximum: 10_000 },
    enabled: { type: "boolean" },
    program: { enum: ["kettle", "oven"] },
    factor: { anyOf: [{ description: "usual are 10 and 1000", type: "number", exclusiveMinimum: 0 }, { type: "null" }], default: null },
    parameters: { type: "object", default: {} },
    failed: { description: "how many fans stand still", type: "integer", minimum: 1, maximum: 7, default: 2 },
  },
  required: ["power", "enabled", "program"],
};
const FIELDS = fieldsOf(SCHEMA);

test("each property is a field with its unit, its range and its kind", () => {
  assert.deepEqual(FIELDS.map(({ kind }) => kind), ["number", "boolean", "choice", "number", "json", "integer"]);
  const [power] = FIELDS;
  assert.equal(power?.unit, "kW");
  assert.equal(power?.hint, "base power; 0.001 to 10,000 kW");
  assert.deepEqual(FIELDS.map(({ required }) => required), [true, true, true, false, false, false]);
});

test("a form begins with the defaults", () => {
  assert.deepEqual(startOf(FIELDS), { power: "", enabled: "true", program: "kettle", factor: "", parameters: "{}", failed: "2" });
});

test("what was filled in becomes values of the right type, what was left empty is left out", () => {
  const texts = { power: "2.5", enabled: "false", program: "oven", factor: "", parameters: '{"a": 1}', failed: "3" };
  assert.deepEqual(valuesOf(FIELDS, texts), {
    values: { power: 2.5, enabled: false, program: "oven", parameters: { a: 1 }, failed: 3 },
    faults: {},
  });
});

test("what can not be sent is said where it is", () => {
  const { faults } = valuesOf(FIELDS, { power: "", enabled: "true", program: "oven", parameters: "{", failed: "many" });
  assert.deepEqual(faults, { power: "is needed", parameters: "must be JSON", failed: "must be a number" });
});
