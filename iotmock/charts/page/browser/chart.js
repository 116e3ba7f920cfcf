// A chart of the page, made live: what belongs to it, and drawing it.

import { momentsOf } from "./columns.js";
import { Crosshair } from "./crosshair.js";
import { draw } from "./draw.js";
import { Frame, LEFT, RIGHT, inside, piece } from "./frame.js";
import { Gestures } from "./gestures.js";
import { Legend } from "./legend.js";

const LEAST_WIDTH = 280;
let made = 0;

/** A chart of the page, made live. */
export class Chart {
  /**
   * @param {HTMLElement} figure
   * @param {import("./frame.js").Facts} facts
   * @param {import("./view.js").View} view
   */
  constructor(figure, facts, view) {
    this.figure = figure;
    this.facts = facts;
    this.view = view;
    this.width = 0;
    /** @type {HTMLElement} */
    this.wide = inside(figure, ".wide");
    /** @type {SVGSVGElement} */
    this.svg = inside(this.wide, "svg");
    this.moments = momentsOf(facts.axis.low, facts.steps);
    this.styles = facts.curves.map((_, number) => this.curve(number).classList[1]);
    this.clip = this.clipCurves();
    this.legend = new Legend(this);
    this.crosshair = new Crosshair(this);
    this.gestures = new Gestures(this);
    view.seen.push(() => this.draw());
    view.pointed.push((chart) => this.crosshair.show(chart === this));
  }

  clipCurves() {
    const clip = piece("clipPath", { id: `clip-${(made += 1)}` }), area = piece("rect", {});
    clip.append(area);
    this.svg.prepend(clip);
    inside(this.svg, ".curves").setAttribute("clip-path", `url(#${clip.id})`);
    return area;
  }

  /** @param {number} number @returns {SVGElement} */
  curve(number) {
    return inside(this.svg, `.curve[data-curve="${number}"]`);
  }

  /** @param {number} number */
  isOff(number) {
    return this.curve(number).classList.contains("off");
  }

  /** @param {number} number */
  styleOf(number) {
    return this.styles[number];
  }

  frame() {
    return new Frame(this.facts, this.view, this.width);
  }

  draw() {
    this.width = Math.max(LEAST_WIDTH, Math.round(this.wide.clientWidth));
    const frame = this.frame(), size = { width: this.width - LEFT - RIGHT, height: this.facts.height };
    for (const [key, value] of Object.entries({ x: LEFT, y: 0, ...size })) {
      this.clip.setAttribute(key, String(value));
    }
    draw(this, frame);
    this.legend.whole.hidden = this.view.isWhole;
    this.crosshair.show(false);
  }
}
