// What is seen of charts with one view, and which moment is pointed at.

import assert from "node:assert/strict";
import { test } from "node:test";

import { View } from "../../../iotmock/charts/page/browser/view.js";

test("looking closer leaves a moment where it is, and tells every chart", () => {
  const view = new View(0, 1000);
  let told = 0;
  view.seen.push(() => (told += 1), () => (told += 1));
  view.zoom(0.5, 200);
  assert.deepEqual([view.low, view.high, view.isWhole, told], [100, 600, false, 2]);
});

test("there is nothing beyond the ends, and no point is a chart", () => {
  const view = new View(0, 1000);
  view.look(-500, 200);
  assert.deepEqual([view.low, view.high], [0, 700]);
  view.move(5);
  assert.deepEqual([view.low, view.high], [300, 1000]);
  view.look(500, 500);
  assert.equal(view.high - view.low, 0.5);
  view.all();
  assert.ok(view.isWhole);
});
