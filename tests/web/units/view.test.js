// What is seen of a chart's axis, by keyboard.

import assert from "node:assert/strict";
import { test } from "node:test";

import { isAll, moved, zoomed } from "../../../iotmock/web/chart/view.js";

const WHOLE = { min: 0, max: 1000 };

test("looking closer leaves a moment where it is", () => {
  assert.deepEqual(zoomed(WHOLE, WHOLE, 0.5, 200), { min: 100, max: 600 });
});

test("there is nothing beyond the ends", () => {
  assert.deepEqual(zoomed({ min: 100, max: 600 }, WHOLE, 10, 200), WHOLE);
  assert.deepEqual(moved({ min: 100, max: 600 }, WHOLE, 5), { min: 500, max: 1000 });
  assert.deepEqual(moved({ min: 100, max: 600 }, WHOLE, -5), { min: 0, max: 500 });
});

test("a chart does not become a point", () => {
  assert.deepEqual(zoomed(WHOLE, WHOLE, 0, 500), { min: 500, max: 500.5 });
});

test("all is seen where no end is left out", () => {
  assert.ok(isAll(WHOLE, WHOLE));
  assert.ok(!isAll({ min: 1, max: 1000 }, WHOLE));
});
