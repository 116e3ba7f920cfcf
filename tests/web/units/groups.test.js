// The groups of a new fleet.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startOf, valuesOf } from "../../../iotmock/web/forms/fields.js";
import { devicesIn, groupFields, groupsOf, inForm } from "../../../iotmock/web/views/fleets/groups.js";

const TYPES = [
  { device_type: "hvac", profiles: [{ profile: "rooftop" }] },
  { device_type: "server", profiles: [{ profile: "rack" }, { profile: "edge" }] },
];
const KEYS = [0, 2];
const TEXTS = {
  "groups[0].count": "20",
  "groups[0].profile": "rack",
  "groups[2].device_type": "server",
  "groups[2].profile": "edge",
  "groups[2].count": "3",
  "groups[2].group": "cellar",
  "groups[2].base_power_spread": "25",
};

test("each group has its own fields, and the profiles of its type", () => {
  const [first, second] = KEYS.map((key) => groupFields(TYPES, key, TEXTS));
  assert.deepEqual(first?.[1]?.choices, ["rooftop"]);
  assert.deepEqual(second?.[1]?.choices, ["rack", "edge"]);
  assert.deepEqual([first?.[2]?.name, first?.[2]?.label], ["groups[0].count", "Count"]);
  assert.equal(devicesIn(KEYS, TEXTS), 23);
});

test("what is sent is in their order, a spread is a share, a profile is one of the type", () => {
  const fields = KEYS.flatMap((key) => groupFields(TYPES, key, TEXTS));
  const { values, faults } = valuesOf(fields, { ...startOf(fields), ...TEXTS });
  assert.deepEqual(faults, {});
  const [first, second] = JSON.parse(JSON.stringify(groupsOf(TYPES, KEYS, values)));
  assert.deepEqual(first, { device_type: "hvac", count: 20 });
  assert.deepEqual(second, { device_type: "server", count: 3, name: "cellar", profile: "edge", base_power_spread: 0.25 });
});

test("what the service finds wrong is said at the group that it means", () => {
  assert.equal(inForm("groups[1].count", KEYS), "groups[2].count");
  assert.equal(inForm("groups[1].name", KEYS), "groups[2].group");
  assert.equal(inForm("name", KEYS), "name");
});
