// What is drawn: points of the fleet, readings beside a preview, faults as bands.

import assert from "node:assert/strict";
import { test } from "node:test";

import { points as sparkPoints } from "../../../iotmock/web/chart/spark.js";
import { columnsOf, pointOf, pointsOf, withPoint } from "../../../iotmock/web/live/points.js";
import { besides, joined, merged } from "../../../iotmock/web/views/device/merged.js";
import { marksOf } from "../../../iotmock/web/views/device/marks.js";

const SUMMARY = /** @type {any} */ ({
  timestamp: "1970-01-01T00:01:40Z",
  power: { total_w: 5_000, by_family: { hvac: 4_000, server: 1_000 }, by_location: { "": 5_000 } },
  messages: { due_per_s: 5, sent_per_s: 4, acknowledged_per_s: 3, dropped: 0 },
  lateness_ms: { p50: 1, p99: 2, max: 3 },
  backlog: 7,
});

/** @param {number} at @param {number} power */
const reading = (at, power) => ({ timestamp: new Date(at * 1000).toISOString(), power, voltage: 240, current: 1, energy: at });

test("a summary is drawn in kW and keeps its largest locations only", () => {
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`hall ${index}`, index]));
  const point = pointOf({ ...SUMMARY, power: { ...SUMMARY.power, by_location: many } });
  assert.equal(point.total, 5);
  assert.deepEqual(point.families, { hvac: 4, server: 1 });
  assert.equal(Object.keys(point.locations).length, 12);
  assert.ok("hall 99" in point.locations);
});

test("points that are too old go, and a clock that was set back draws no loop", () => {
  const at = (/** @type {number} */ when) => ({ ...pointOf(SUMMARY), at: when });
  const kept = [10, 20, 30].reduce((points, when) => withPoint(points, at(when), 15), /** @type {any[]} */ ([]));
  assert.deepEqual(kept.map((point) => point.at), [20, 30]);
  assert.deepEqual(withPoint(kept, at(25), 15).map((point) => point.at), [20, 25]);
});

test("what the service remembers is the same points", () => {
  const told = {
    timestamps: [SUMMARY.timestamp],
    power: { total_w: [5_000], by_family: { hvac: [4_000], server: [1_000], gone: [null] }, by_location: { "": [5_000] } },
    messages: { due_per_s: [5], sent_per_s: [4], acknowledged_per_s: [3] },
    lateness_ms: { p50: [1], p99: [2] },
    backlog: [7],
  };
  assert.deepEqual(pointsOf(told), [pointOf(SUMMARY)]);
});

test("a family that came later has a gap before", () => {
  const early = { ...pointOf(SUMMARY), families: { hvac: 4 } };
  assert.deepEqual(columnsOf([early, pointOf(SUMMARY)], "families", 7), [["hvac", [4, 4]], ["server", [null, 1]]]);
});

test("a location may be called as what every object has", () => {
  const early = { ...pointOf(SUMMARY), locations: {} };
  const late = { ...pointOf(SUMMARY), locations: { toString: 2 } };
  assert.deepEqual(columnsOf([early, late], "locations", 7), [["toString", [null, 2]]]);
});

test("readings and the preview share an axis, and no line is torn by the other's moments", () => {
  const all = merged([reading(0, 1), reading(10, 2)], [reading(5, 9), reading(10, 8)]);
  assert.deepEqual(all.x, [0, 5, 10]);
  assert.deepEqual(all.of("power"), { now: [1, undefined, 2], coming: [undefined, 9, 8] });
});

test("where readings are missing the line has a gap", () => {
  const all = merged([0, 1, 2, 60, 61].map((at) => reading(at, at)), []);
  assert.deepEqual(all.of("power").now, [0, 1, 2, null, 60, 61]);
});

test("beside live readings only the near part of the preview is shown", () => {
  const preview = Array.from({ length: 100 }, (_, index) => reading(10 * index, 1));
  const near = besides([reading(100, 1), reading(500, 1)], preview, 60);
  assert.deepEqual([near[0]?.energy, near.at(-1)?.energy], [100, 600]);
});

test("a fault that goes on is a band up to now, one from before is not drawn", () => {
  const faults = [
    { fault: "gap", begin: "1970-01-01T00:00:10Z", end: null },
    { fault: "trip", begin: "1970-01-01T00:00:00Z", end: "1970-01-01T00:00:01Z" },
  ];
  assert.deepEqual(marksOf(faults, [5, 20]), [{ label: "gap", begin: 10, end: 20 }]);
  assert.deepEqual(marksOf(faults, [5, 20], 15), [{ label: "gap", begin: 10, end: 15 }]);
});

test("a sparkline fills its height, and a flat one lies in the middle", () => {
  assert.equal(sparkPoints([1, 2, 1]), "0.0,20.0 48.0,2.0 96.0,20.0");
  assert.equal(sparkPoints([3, 3]), "0.0,11.0 96.0,11.0");
});

test("what was before the view begins joins what comes, without gaps where it was kept more coarsely", () => {
  const before = [0, 5, 10, 15, 20].map((at) => reading(at, 1));
  const live = [18, 18.5, 19, 19.5, 20].map((at) => reading(at, 2));
  const all = joined(before, live);
  assert.deepEqual(all.map(({ power }) => power), [1, 1, 1, 1, 2, 2, 2, 2, 2]);
  assert.equal(joined(before, []).length, 5);
  assert.ok(!merged(all, []).of("power").now.includes(null));
  const away = [...live, ...[80, 80.5, 81].map((at) => reading(at, 3))];
  assert.equal(merged(joined(before, away), []).of("power").now.filter((one) => one === null).length, 1);
});
