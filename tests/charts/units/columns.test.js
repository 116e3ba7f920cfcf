// What is drawn of many points: few, with gaps where nothing was measured.

import assert from "node:assert/strict";
import { test } from "node:test";

import { firstAfter, momentsOf, nearest, pieces } from "../../../iotmock/charts/page/browser/columns.js";

/** @param {(number | null)[]} values @param {string} join */
const curve = (values, join = "mean") => ({ name: "", join, band: false, gap: 15, values });

test("moments come from steps and how often each comes", () => {
  assert.deepEqual(momentsOf(0, [[0, 1], [10, 2], [5, 1]]), [0, 10, 20, 25]);
});

test("the nearest moment and the first after one are found, at the ends too", () => {
  const moments = [0, 10, 20];
  assert.deepEqual([-5, 4, 6, 99].map((at) => nearest(moments, at)), [0, 0, 1, 2]);
  assert.deepEqual([-5, 0, 20].map((at) => firstAfter(moments, at)), [0, 1, 3]);
});

test("where nothing was measured is no line", () => {
  const found = pieces(curve([1, 2, null, 4]), [0, 10, 20, 30], 0, 30, 100);
  assert.deepEqual(found.map((run) => run.map(([at]) => at)), [[0, 10], [30]]);
});

test("many points are joined, with the lowest and the highest kept", () => {
  const moments = Array.from({ length: 100 }, (_, at) => at * 10), values = moments.map((_, at) => at % 10);
  const joined = pieces(curve(values), moments, 0, 990, 10).flat();
  assert.ok(joined.length <= 12);
  assert.deepEqual(joined[1]?.[1], [0, 4.5, 9]);
  const most = pieces(curve(values, "most"), moments, 0, 990, 10).flat();
  assert.deepEqual(most[1]?.[1], [0, 9, 9]);
});
