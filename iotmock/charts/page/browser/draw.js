// What is on a chart, placed for its width and for what is seen.

import { pieces } from "./columns.js";
import { LEFT, inside, piece, set } from "./frame.js";
import { nights, timeTicks } from "./time.js";

const DRAWN = 540, TICK_LETTER = 7, LETTER = 6.2, LANE = 13, LANES = 3, PER_TICK = 90, FEWEST = 4;

/** @typedef {import("./chart.js").Chart} Chart @typedef {import("./frame.js").Frame} Frame */

/** Place everything on a chart anew, for its width and for what is seen. @param {Chart} chart @param {Frame} frame */
export function draw(chart, frame) {
  set(chart.svg, { viewBox: `0 0 ${frame.width} ${frame.height}` });
  for (const line of chart.svg.querySelectorAll(".grid, line.limit")) set(line, { x2: frame.right });
  drawNights(chart, frame);
  drawBelow(chart, frame);
  drawMarks(chart, frame);
  chart.facts.curves.forEach((curve, number) => drawCurve(chart, frame, curve, number));
}

/** @param {Chart} chart @param {Frame} frame */
function drawNights(chart, frame) {
  const { low, high } = frame.view;
  const lines = nights(chart.facts.axis, low, high).map(frame.x, frame).map((x) =>
    piece("line", { class: "night", x1: x, x2: x, y1: frame.top, y2: frame.bottom }));
  inside(chart.svg, ".nights").replaceChildren(...lines);
}

/** @param {Chart} chart @param {Frame} frame */
function drawBelow(chart, frame) {
  const wanted = Math.max(FEWEST, (frame.right - LEFT) / PER_TICK), made = [];
  let free = 0;
  for (const [at, text] of timeTicks(chart.facts.axis, frame.view.low, frame.view.high, wanted)) {
    const place = frame.x(at), half = (text.length * TICK_LETTER) / 2;
    const x = Math.min(place, frame.width - half);
    if (x - half < free) continue;
    free = x + half + TICK_LETTER;
    made.push(piece("text", { class: "label", x, y: frame.height - 7 }, text));
    const y = { y1: frame.bottom, y2: frame.bottom + 5 };
    made.push(piece("line", { class: "tick", x1: place, x2: place, ...y }));
  }
  inside(chart.svg, ".below").replaceChildren(...made);
}

/** @param {Chart} chart @param {Frame} frame */
function drawMarks(chart, frame) {
  const free = new Array(LANES).fill(LEFT);
  for (const mark of /** @type {NodeListOf<SVGElement>} */ (chart.svg.querySelectorAll(".mark"))) {
    const begin = Number(mark.dataset.from), until = Number(mark.dataset.until ?? begin);
    const isSeen = until >= frame.view.low && begin <= frame.view.high;
    mark.setAttribute("visibility", isSeen ? "visible" : "hidden");
    if (!isSeen) continue;
    const x = Math.max(LEFT, frame.x(begin)), end = Math.min(frame.right, frame.x(until));
    set(inside(mark, "rect"), { x, width: Math.max(0, end - x) });
    set(inside(mark, "line"), { x1: x, x2: x });
    nameMark(mark, x, frame, free);
  }
}

/** @param {SVGElement} mark @param {number} x @param {Frame} frame @param {number[]} free */
function nameMark(mark, x, frame, free) {
  mark.querySelector("text")?.remove();
  for (const text of [mark.dataset.name ?? "", mark.dataset.short ?? ""]) {
    const width = text.length * LETTER + 8, at = Math.min(x, frame.right - width);
    const lane = free.findIndex((until) => at >= until);
    if (lane < 0) continue;
    free[lane] = at + width;
    mark.append(piece("text", { x: at + 3, y: (lane + 1) * LANE - 3 }, text));
    return;
  }
}

/**
 * @param {Chart} chart
 * @param {Frame} frame
 * @param {import("./columns.js").Curve} curve
 * @param {number} number
 */
function drawCurve(chart, frame, curve, number) {
  const { low, high } = frame.view, made = [];
  for (const run of pieces(curve, chart.moments, low, high, DRAWN)) {
    const places = (/** @type {0 | 1 | 2} */ which) => run.map(([at, cell]) => place(frame, at, cell[which]));
    if (curve.band) {
      made.push(piece("polygon", { points: [...places(2), ...places(0).reverse()].join(" ") }));
    }
    const drawn = places(1);
    if (run.length === 1) drawn.push(place(frame, run[0][0], run[0][1][1], 2));
    made.push(piece("polyline", { points: drawn.join(" ") }));
  }
  chart.curve(number).replaceChildren(...made);
}

/** @param {Frame} frame @param {number} at @param {number} value */
function place(frame, at, value, beside = 0) {
  return `${(frame.x(at) + beside).toFixed(1)},${frame.y(value).toFixed(1)}`;
}
