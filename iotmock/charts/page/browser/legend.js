// The key of a chart: names that switch lines, and values.

import { inside } from "./frame.js";

/** The key of a chart: its names switch their curves, and have the values pointed at. */
export class Legend {
  /** @param {import("./chart.js").Chart} chart */
  constructor(chart) {
    this.chart = chart;
    this.items = [...chart.figure.querySelectorAll(".item[data-curve]")].map((item, number) =>
      this.button(item, number));
    this.whole = this.wholeButton();
  }

  /** @param {Element} item @param {number} number */
  button(item, number) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "item";
    button.setAttribute("aria-pressed", "true");
    button.append(...item.childNodes, document.createElement("output"));
    button.addEventListener("click", () => this.turn(number));
    item.replaceWith(button);
    return button;
  }

  wholeButton() {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "whole";
    button.textContent = "show all";
    button.hidden = true;
    button.addEventListener("click", () => this.chart.view.all());
    inside(this.chart.figure, ".key").append(button);
    return button;
  }

  /** @param {number} number */
  turn(number) {
    const isOff = this.chart.curve(number).classList.toggle("off");
    this.items[number].setAttribute("aria-pressed", String(!isOff));
  }

  /** Show a value beside each name. @param {string[]} texts */
  say(texts) {
    this.items.forEach((item, number) => (inside(item, "output").value = texts[number]));
  }

  /** Return a name with its sign and a value, to be shown elsewhere. @param {number} number @param {string} text */
  line(number, text) {
    const line = document.createElement("span");
    line.className = "item";
    for (const node of this.items[number].childNodes) line.append(node.cloneNode(true));
    inside(line, "output").value = text;
    return line;
  }
}
