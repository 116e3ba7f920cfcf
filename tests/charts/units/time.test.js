// What stands on the axis of time: of a place with its clocks, after a start, of a day.

import assert from "node:assert/strict";
import { test } from "node:test";

import { clock, momentText, nights, timeTicks } from "../../../iotmock/charts/page/browser/time.js";

const HOUR = 3600;
/** Midnight in Berlin before its clocks went forward: 2025-03-29T23:00Z. */
const BEGIN = Date.UTC(2025, 2, 29, 23) / 1000;
const FORWARD = Date.UTC(2025, 2, 30, 1) / 1000;
/** @type {import("../../../iotmock/charts/page/browser/time.js").Axis} */
const BERLIN = {
  kind: "local", low: BEGIN, high: BEGIN + 47 * HOUR,
  offsets: [[0, HOUR, "CET"], [FORWARD, 2 * HOUR, "CEST"]],
};

test("a time after a start has two units at most", () => {
  assert.equal(clock(0), "0");
  assert.equal(clock(90), "1 min 30 s");
  assert.equal(clock(86_400 + 2 * HOUR + 5), "1 d 2 h");
});

test("midnights are those of the place, on the day that its clocks go forward too", () => {
  assert.deepEqual(nights(BERLIN, BERLIN.low, BERLIN.high), [BEGIN, BEGIN + 23 * HOUR, BEGIN + 47 * HOUR]);
});

test("an hour that clocks leave out has no label", () => {
  const labels = timeTicks(BERLIN, BEGIN, BEGIN + 4 * HOUR, 5).map(([, text]) => text);
  assert.deepEqual(labels, ["Sun 30 Mar", "01:00", "03:00", "04:00", "05:00"]);
});

test("a moment has the name of the zone that is then", () => {
  assert.equal(momentText(BERLIN, BEGIN), "Sun 30 Mar 2025 00:00 CET");
  assert.equal(momentText(BERLIN, FORWARD), "Sun 30 Mar 2025 03:00 CEST");
  assert.equal(momentText({ kind: "elapsed", low: 0, high: 9 }, 90), "1 min 30 s after the start");
  assert.equal(momentText({ kind: "day", low: 0, high: 86_400 }, 5 * HOUR), "05:00");
});
