// Mouse, finger and keyboard on a chart.

import { nearest } from "./columns.js";
import { piece, set } from "./frame.js";

const CLICK = 6, CLOSER = 0.6, FURTHER = 1 / CLOSER, SIDEWAYS = 0.2;

/** What mouse, finger and keyboard do with a chart. */
export class Gestures {
  /** @param {import("./chart.js").Chart} chart */
  constructor(chart) {
    this.chart = chart;
    /** @type {number | null} */
    this.from = null;
    this.chosen = piece("rect", { class: "chosen", visibility: "hidden" });
    chart.svg.append(this.chosen);
    chart.svg.tabIndex = 0;
    this.listen();
  }

  listen() {
    const { svg, view } = this.chart;
    svg.addEventListener("pointermove", (event) => this.move(event));
    svg.addEventListener("pointerleave", () => view.point(null));
    svg.addEventListener("pointerdown", (event) => this.begin(event));
    svg.addEventListener("pointerup", (event) => this.end(event));
    svg.addEventListener("pointercancel", () => this.drop());
    svg.addEventListener("dblclick", () => view.all());
    svg.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    svg.addEventListener("keydown", (event) => this.key(event));
    svg.addEventListener("blur", () => view.point(null));
  }

  /** @param {PointerEvent | WheelEvent} event */
  x(event) {
    const box = this.chart.svg.getBoundingClientRect();
    return ((event.clientX - box.left) / box.width) * this.chart.width;
  }

  /** @param {PointerEvent} event */
  move(event) {
    const frame = this.chart.frame(), x = this.x(event);
    this.chart.view.point(frame.at(x), this.chart);
    if (this.from === null || Math.abs(x - this.from) < CLICK) return;
    const ends = [frame.x(frame.at(this.from)), frame.x(frame.at(x))];
    set(this.chosen, {
      visibility: "visible", x: Math.min(...ends), width: Math.abs(ends[0] - ends[1]),
      y: frame.top, height: frame.bottom - frame.top,
    });
  }

  /** @param {PointerEvent} event */
  begin(event) {
    if (event.button !== 0) return;
    this.from = this.x(event);
    this.chart.svg.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  end(event) {
    const from = this.from, x = this.x(event), frame = this.chart.frame();
    this.drop();
    if (from === null || Math.abs(x - from) < CLICK) return;
    this.chart.view.look(frame.at(Math.min(from, x)), frame.at(Math.max(from, x)));
  }

  drop() {
    this.from = null;
    this.chosen.setAttribute("visibility", "hidden");
  }

  /** Without Ctrl the wheel is the page's, which is long. @param {WheelEvent} event */
  wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const at = this.chart.frame().at(this.x(event));
    this.chart.view.zoom(event.deltaY < 0 ? CLOSER : FURTHER, at);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { view } = this.chart, middle = view.at ?? (view.low + view.high) / 2;
    /** @type {Record<string, () => void>} */
    const deeds = {
      ArrowLeft: () => (event.shiftKey ? view.move(-SIDEWAYS) : this.step(-1)),
      ArrowRight: () => (event.shiftKey ? view.move(SIDEWAYS) : this.step(1)),
      Home: () => this.go(view.low),
      End: () => this.go(view.high),
      "+": () => view.zoom(CLOSER, middle),
      "=": () => view.zoom(CLOSER, middle),
      "-": () => view.zoom(FURTHER, middle),
      0: () => view.all(),
      Escape: () => (view.isWhole ? view.point(null) : view.all()),
    };
    const deed = Object.hasOwn(deeds, event.key) ? deeds[event.key] : undefined;
    if (!deed) return;
    event.preventDefault();
    deed();
  }

  /** @param {number} by */
  step(by) {
    const { moments, view } = this.chart;
    const place = view.at === null ? nearest(moments, view.low) : nearest(moments, view.at) + by;
    this.go(moments[Math.min(moments.length - 1, Math.max(0, place))]);
  }

  /** @param {number} at */
  go(at) {
    const { view } = this.chart;
    if (at < view.low || at > view.high) view.move(at < view.low ? -0.5 : 0.5);
    view.point(at, this.chart);
  }
}
