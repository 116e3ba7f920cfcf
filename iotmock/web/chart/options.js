// What uPlot is told: axes with units, times in UTC, our colours, marks behind the lines.

import uPlot from "uplot";

import { clock, dayAndTime } from "../words/moments.js";
import { duration } from "../words/numbers.js";
import { colourOf } from "./palette.js";

const FONT = "12px system-ui, sans-serif";
const DAY_S = 86_400;
const SHORTEST_S = 60;
const LEAST_S = 10;
/** What two ticks of a count may be apart. */
const WHOLE = Array.from({ length: 9 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();
/** What two ticks of the time may be apart, s. */
const STEPS = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, DAY_S];

/**
 * @typedef {object} Line
 * @property {string} label
 * @property {string} unit
 * @property {(number | null | undefined)[]} values null is a gap, undefined is not this line's
 * @property {import("./palette.js").Pen} pen
 * @property {boolean} [aside] whether its last value says nothing
 * @property {boolean} [steps] whether it stays until the next value
 */

/**
 * @typedef {object} Mark
 * @property {number} begin s since 1970
 * @property {number} end
 * @property {string} label
 */

/**
 * @param {{ lines: Line[], width: number, height: number, unit: string, marks: () => Mark[],
 *   hovered: (index: number | null) => void, zero: boolean,
 *   since: boolean, whole: boolean }} told
 * @returns {uPlot.Options}
 */
export function options({ lines, width, height, unit, marks, hovered, zero, since, whole }) {
  const text = colourOf("--text-soft");
  const grid = { stroke: colourOf("--grid"), width: 1 };
  const axis = { stroke: text, grid, ticks: grid, font: FONT };
  return {
    width,
    height,
    legend: { show: false },
    padding: [10, 32, 0, 0],
    cursor: { drag: { x: true, y: false }, points: { size: 7 } },
    scales: { x: { time: false, range: rangeOf(since) }, y: { range: zero ? fromZero : undefined } },
    axes: [
      { ...axis, size: 28, incrs: STEPS, space: 70, values: (_, at, __, ___, step) => at.map((time) => (since ? duration(time) : moment(time, step))) },
      { ...axis, label: unit, labelFont: FONT, labelSize: 18, size: 64, ...(whole ? { incrs: WHOLE } : {}), values: (_, at, __, ___, step) => at.map((value) => tick(value, step)) },
    ],
    series: [{}, ...lines.map(series)],
    hooks: {
      drawClear: [(plot) => draw(plot, marks())],
      setCursor: [(plot) => hovered(plot.cursor.idx ?? null)],
    },
  };
}

/** @param {Line} line */
function series(line) {
  const steps = uPlot.paths.stepped?.({ align: 1 });
  return {
    label: line.label,
    stroke: colourOf(line.pen.colour),
    dash: line.pen.dash,
    width: line.pen.width ?? 2,
    points: { show: false },
    spanGaps: false,
    ...(line.steps && steps ? { paths: steps } : {}),
  };
}

/**
 * @param {uPlot} _
 * @param {number | null} low
 * @param {number | null} high
 * @returns {[number, number]}
 */
function fromZero(_, low, high) {
  const top = Math.max(high ?? 0, 0);
  const bottom = Math.min(low ?? 0, 0);
  const room = (top - bottom) * 0.08 || 1;
  return [bottom < 0 ? bottom - room : 0, top + room];
}

/** @param {boolean} since the start, or 1970 */
export function rangeOf(since) {
  return since ? fromStart : wideEnough;
}

/**
 * @param {uPlot} _
 * @param {number} from
 * @param {number} to
 * @returns {[number, number]}
 */
function wideEnough(_, from, to) {
  return [Math.min(from, to - SHORTEST_S), to];
}

/**
 * @param {uPlot} _
 * @param {number} __
 * @param {number} to
 * @returns {[number, number]}
 */
function fromStart(_, __, to) {
  return [0, Math.max(to, LEAST_S)];
}

/**
 * @param {number} time s since 1970
 * @param {number} step s to the next
 */
function moment(time, step) {
  if (time % DAY_S === 0) return dayAndTime(time);
  return step < 60 ? clock(time) : clock(time).slice(0, -3);
}

/**
 * @param {number} value
 * @param {number} step to the next tick
 */
function tick(value, step) {
  const digits = (String(step).split(".")[1] ?? "").length;
  const exactly = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat("en-GB", exactly).format(value).replace("-", "−");
}

/**
 * @param {uPlot} plot
 * @param {Mark[]} marks
 */
function draw(plot, marks) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.fillStyle = colourOf("--mark");
  for (const { begin, end } of marks) {
    const from = Math.max(plot.valToPos(begin, "x", true), bbox.left);
    const to = Math.min(plot.valToPos(end, "x", true), bbox.left + bbox.width);
    if (to >= from) ctx.fillRect(from, bbox.top, Math.max(to - from, 2), bbox.height);
  }
  ctx.restore();
}
