// What uPlot is told: axes with units, times in UTC, our colours, marks behind the lines.

import uPlot from "uplot";

import { measured } from "../words/numbers.js";
import { colourOf } from "./palette.js";

const FONT = "12px system-ui, sans-serif";

/**
 * @typedef {object} Line
 * @property {string} label
 * @property {string} unit
 * @property {(number | null)[]} values
 * @property {import("./palette.js").Pen} pen
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
 *   hovered: (index: number | null) => void, zero: boolean }} told
 * @returns {uPlot.Options}
 */
export function options({ lines, width, height, unit, marks, hovered, zero }) {
  const text = colourOf("--text-soft");
  const grid = { stroke: colourOf("--grid"), width: 1 };
  const axis = { stroke: text, grid, ticks: grid, font: FONT };
  return {
    width,
    height,
    tzDate: (ts) => uPlot.tzDate(new Date(ts * 1000), "Etc/UTC"),
    legend: { show: false },
    cursor: { drag: { x: true, y: false }, points: { size: 7 } },
    scales: { x: { time: true }, y: { range: zero ? fromZero : undefined } },
    axes: [
      axis,
      { ...axis, label: unit, labelFont: FONT, labelSize: 18, size: 58, values: (_, at) => at.map(tick) },
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
    width: 2,
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

/** @param {number} value */
function tick(value) {
  return Math.abs(value) >= 100 || Number.isInteger(value) ? new Intl.NumberFormat("en-GB").format(value) : measured(value);
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
