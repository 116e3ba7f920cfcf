// A chart of the page, made live: what belongs to it, and drawing it.

import { momentsOf } from "./columns.js";
import { Crosshair } from "./crosshair.js";
import { draw } from "./draw.js";
import { Frame, LEFT, RIGHT, piece } from "./frame.js";
import { Gestures } from "./gestures.js";
import { Legend } from "./legend.js";

const LEAST_WIDTH = 280;
let made = 0;

/** A chart of the page, made live. */
export class Chart {
  constructor(figure, facts, view) {
    Object.assign(this, { figure, facts, view, width: 0 });
    this.wide = figure.querySelector(".wide");
    this.svg = this.wide.querySelector("svg");
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
    this.svg.querySelector(".curves").setAttribute("clip-path", `url(#${clip.id})`);
    return area;
  }

  curve(number) {
    return this.svg.querySelector(`.curve[data-curve="${number}"]`);
  }

  isOff(number) {
    return this.curve(number).classList.contains("off");
  }

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
      this.clip.setAttribute(key, value);
    }
    draw(this, frame);
    this.legend.whole.hidden = this.view.isWhole;
    this.crosshair.show(false);
  }
}
