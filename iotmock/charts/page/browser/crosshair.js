// The line through all charts at the moment that is pointed at, and its values.

import { cellOf, nearest } from "./columns.js";
import { LEFT, piece } from "./frame.js";
import { figure } from "./numbers.js";
import { momentText } from "./time.js";

const BESIDE = 14;

/** Show what a chart has at the moment that is pointed at: in its key, and beside the mouse. */
export class Crosshair {
  /** @param {import("./chart.js").Chart} chart */
  constructor(chart) {
    this.chart = chart;
    this.layer = piece("g", { class: "crosshair", "aria-hidden": "true" });
    chart.svg.append(this.layer);
    this.tip = document.createElement("div");
    this.tip.className = "tip";
    this.tip.hidden = true;
    chart.wide.append(this.tip);
  }

  /** @param {boolean} isHere whether it is this chart that is pointed at */
  show(isHere) {
    const { chart } = this, { at } = chart.view;
    this.layer.replaceChildren();
    this.tip.hidden = true;
    if (at === null || !chart.moments.length) {
      chart.legend.say(chart.facts.curves.map(() => ""));
      return;
    }
    const place = nearest(chart.moments, at), frame = chart.frame();
    const texts = chart.facts.curves.map((curve) => this.text(curve, place));
    chart.legend.say(texts);
    if (!frame.isSeen(chart.moments[place])) return;
    this.mark(frame, place);
    if (isHere) this.tell(frame, place, texts);
  }

  /** @param {import("./columns.js").Curve} curve @param {number} place */
  text(curve, place) {
    const cell = cellOf(curve.values[place]);
    if (cell === null) return "-";
    const [low, value, high] = cell.map((one) => figure(one, this.chart.facts.digits));
    return curve.band && low !== high ? `${value} (${low} to ${high})` : value;
  }

  /** @param {import("./frame.js").Frame} frame @param {number} place */
  mark(frame, place) {
    const x = frame.x(this.chart.moments[place]);
    const line = { class: "cross", x1: x, x2: x, y1: frame.top, y2: frame.bottom };
    this.layer.append(piece("line", line));
    this.chart.facts.curves.forEach((curve, number) => {
      const cell = cellOf(curve.values[place]);
      if (cell === null || this.chart.isOff(number)) return;
      const style = this.chart.styleOf(number);
      this.layer.append(piece("circle", { class: `dot ${style}`, cx: x, cy: frame.y(cell[1]), r: 4 }));
    });
  }

  /** @param {import("./frame.js").Frame} frame @param {number} place @param {string[]} texts */
  tell(frame, place, texts) {
    const head = document.createElement("b");
    head.textContent = momentText(this.chart.facts.axis, this.chart.moments[place]);
    const lines = texts.map((text, number) => this.chart.legend.line(number, text));
    this.tip.replaceChildren(head, ...lines.filter((_, number) => !this.chart.isOff(number)));
    this.tip.hidden = false;
    // Whoever goes by keyboard may not see it; to read out each move of a mouse would be noise.
    this.tip.ariaLive = document.activeElement === this.chart.svg ? "polite" : "off";
    this.put(frame, frame.x(this.chart.moments[place]));
  }

  /** @param {import("./frame.js").Frame} frame @param {number} x */
  put(frame, x) {
    const scale = this.chart.wide.clientWidth / frame.width, width = this.tip.offsetWidth;
    const right = x * scale + BESIDE, fits = right + width <= this.chart.wide.clientWidth;
    const left = fits ? right : Math.max(LEFT * scale - width, x * scale - BESIDE - width, 0);
    this.tip.style.left = `${left}px`;
    this.tip.style.top = `${frame.top * scale + 4}px`;
  }
}
