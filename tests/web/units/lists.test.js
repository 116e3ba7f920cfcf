// Lists: what the address says and what the service is asked.

import assert from "node:assert/strict";
import { test } from "node:test";

import { groupsOf } from "../../../iotmock/web/views/faults/groups.js";
import { listing, nextSort } from "../../../iotmock/web/views/devices/query.js";

test("filters that are set are asked for, others are not", () => {
  const asked = listing({ status: "online", location: "", sort: "-name", offset: "50", new: "device" });
  assert.equal(asked, "limit=50&offset=50&status=online&sort=-name");
});

test("a column sorts upwards, downwards, and then not", () => {
  assert.deepEqual([undefined, "name", "-name", "status"].map((sort) => nextSort(sort, "name")), ["name", "-name", undefined, "name"]);
});

test("requests for many are told apart, ended ones are left out", () => {
  const fault = { fault: "gap", state: "active", group: "a" };
  const faults = [fault, fault, { ...fault, group: "b", state: "ended" }, { ...fault, group: null }];
  assert.deepEqual(groupsOf(faults), [["a", "gap", 2]]);
});
