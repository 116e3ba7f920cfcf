// Numbers, moments and addresses, as the page says and reads them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { address, parse } from "../../../iotmock/web/route/address.js";
import { clock, seconds, stamp } from "../../../iotmock/web/words/moments.js";
import { count, counted, duration, exact, measured, withUnit } from "../../../iotmock/web/words/numbers.js";

test("a measured number has three digits that say something", () => {
  assert.deepEqual([1234.5, 123.45, 25.34, 4.761, 0, -8.5].map(measured), ["1,235", "123", "25.3", "4.76", "0", "−8.50"]);
});

test("what is not there is a dash and not NaN", () => {
  assert.deepEqual([null, undefined, NaN, Infinity].map(measured), ["–", "–", "–", "–"]);
  assert.equal(withUnit(null, "kW"), "–");
  assert.equal(count(undefined), "–");
});

test("a unit follows its number", () => {
  assert.equal(withUnit(25.34, "kW"), "25.3 kW");
  assert.equal(counted(1, "device"), "1 device");
  assert.equal(counted(100_000, "device"), "100,000 devices");
  assert.equal(exact(0.5), "0.5");
});

test("a length of time is said in its two largest units", () => {
  assert.deepEqual([0, 59, 60, 3_725, 90_061].map(duration), ["0 s", "59 s", "1 min", "1 h 2 min", "1 d 1 h"]);
});

test("moments are UTC, whatever the browser's zone is", () => {
  assert.equal(clock("2025-08-09T16:30:00Z"), "16:30:00");
  assert.equal(stamp("2025-08-09T16:30:00Z"), "9 Aug 2025 16:30:00 UTC");
  assert.equal(stamp(null), "–");
  assert.ok(Number.isNaN(seconds(null)));
});

test("an address is read as it was made, with whatever ids and filters", () => {
  const said = address(["devices", "a b/c?d#é"], { location: "Halle 2 & 3", status: "", offset: 50 });
  assert.deepEqual(parse(said), { path: ["devices", "a b/c?d#é"], query: { location: "Halle 2 & 3", offset: "50" } });
});

test("an address that nobody made is read all the same", () => {
  assert.deepEqual(parse(""), { path: [], query: {} });
  assert.deepEqual(parse("#/devices/%E0%A4%A?x"), { path: ["devices", "%E0%A4%A"], query: { x: "" } });
});
