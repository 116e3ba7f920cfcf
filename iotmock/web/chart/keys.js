// A chart by keyboard, with the keys of the charts in reports; and how it keeps its view as data comes.

import { rangeOf } from "./options.js";
import { isAll, moved, zoomed } from "./view.js";

const CLOSER = 0.6;
const SIDEWAYS = 0.2;

/** @typedef {import("uplot")} Plot */
/** @typedef {import("./view.js").View} View */

/**
 * @param {KeyboardEvent} event
 * @param {Plot} plot
 * @param {boolean} since whether times are after the start
 */
export function press(event, plot, since) {
  const whole = wholeOf(plot, since);
  if (event.ctrlKey || event.metaKey || event.altKey || !whole) return;
  const deed = deedOf(event, plot, whole);
  if (!deed) return;
  event.preventDefault();
  deed();
}

/** @param {Plot} plot */
export function leave(plot) {
  plot.setCursor({ left: -10, top: -10 });
}

/**
 * Show new data; what is looked at closely stays, as long as it is there.
 * @param {Plot} plot
 * @param {import("uplot").AlignedData} data
 * @param {boolean} since
 */
export function show(plot, data, since) {
  const view = closer(plot, since);
  const stays = isIn(view, data);
  plot.setData(data, !stays);
  if (stays) look(plot, view, data);
}

/**
 * What is looked at closely.
 * @param {Plot} plot
 * @param {boolean} since
 * @returns {View | null} null where all is seen
 */
export function closer(plot, since) {
  const whole = wholeOf(plot, since);
  const view = viewOf(plot, whole);
  return whole !== null && view !== null && !isAll(view, whole) ? view : null;
}

/**
 * Look closely where somebody did before, as long as it is there.
 * @param {Plot} plot
 * @param {View | null} view
 * @param {import("uplot").AlignedData} data
 */
export function look(plot, view, data) {
  if (view && isIn(view, data)) plot.setScale("x", view);
}

/**
 * @param {View | null} view
 * @param {import("uplot").AlignedData} data
 */
function isIn(view, data) {
  return view !== null && view.max > (data[0][0] ?? Infinity);
}

/**
 * @param {KeyboardEvent} event
 * @param {Plot} plot
 * @param {View} whole
 * @returns {(() => void) | undefined}
 */
function deedOf(event, plot, whole) {
  const view = viewOf(plot, whole) ?? whole;
  const turn = (/** @type {View} */ next) => plot.setScale("x", next);
  const zoom = (/** @type {number} */ factor) => turn(zoomed(view, whole, factor, pointed(plot, view) ?? (view.min + view.max) / 2));
  const side = (/** @type {number} */ way) => (event.shiftKey ? turn(moved(view, whole, way * SIDEWAYS)) : step(plot, way));
  /** @type {Record<string, () => void>} */
  const deeds = {
    ArrowLeft: () => side(-1),
    ArrowRight: () => side(1),
    "+": () => zoom(CLOSER),
    "=": () => zoom(CLOSER),
    "-": () => zoom(1 / CLOSER),
    0: () => turn(whole),
    Escape: () => (isAll(view, whole) ? leave(plot) : turn(whole)),
  };
  return Object.hasOwn(deeds, event.key) ? deeds[event.key] : undefined;
}

/**
 * Point at the next moment that is seen.
 * @param {Plot} plot
 * @param {number} way
 */
function step(plot, way) {
  const x = plot.data[0];
  const { min = 0, max = 0 } = plot.scales.x ?? {};
  const first = x.findIndex((one) => one >= (min ?? 0));
  const last = x.findLastIndex((one) => one <= (max ?? 0));
  const from = plot.cursor.idx ?? (way > 0 ? first - 1 : last + 1);
  const at = x[Math.min(last, Math.max(first, from + way))];
  if (at !== undefined) plot.setCursor({ left: plot.valToPos(at, "x"), top: plot.over.clientHeight / 2 });
}

/**
 * @param {Plot} plot
 * @param {View} view
 */
function pointed(plot, view) {
  const { idx } = plot.cursor;
  const at = idx === null || idx === undefined ? undefined : plot.data[0][idx];
  // A value that came in between may be nearest, and beyond what is seen.
  return at === undefined ? null : Math.min(view.max, Math.max(view.min, at));
}

/**
 * @param {Plot} plot
 * @param {boolean} since
 * @returns {View | null} null where there is nothing
 */
function wholeOf(plot, since) {
  const first = plot.data[0][0];
  const last = plot.data[0].at(-1);
  if (first === undefined || last === undefined) return null;
  const [min, max] = rangeOf(since)(plot, first, last);
  return { min, max };
}

/**
 * @param {Plot} plot
 * @param {View | null} whole
 * @returns {View | null}
 */
function viewOf(plot, whole) {
  const { min, max } = plot.scales.x ?? {};
  return min === null || min === undefined || max === null || max === undefined ? whole : { min, max };
}
