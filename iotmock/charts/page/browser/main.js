// The script begins here: charts of a group get a view in common.

import { tellCells } from "./cells.js";
import { Chart } from "./chart.js";
import { inside } from "./frame.js";
import { View } from "./view.js";

/** Make the charts of the page live: those of a group have a view in common. */
function begin() {
  /** @type {Map<string, View>} */
  const views = new Map();
  /** @type {NodeListOf<HTMLElement>} */
  const figures = document.querySelectorAll("figure.chart");
  const charts = [...figures].map((figure) => {
    const facts = JSON.parse(inside(figure, "script").textContent);
    const { group = "" } = figure.dataset, { low, high } = facts.axis;
    const view = views.get(group) ?? new View(low, high);
    views.set(group, view);
    return new Chart(figure, facts, view);
  });
  document.documentElement.classList.add("live");
  const drawAll = () => charts.forEach((chart) => chart.draw());
  drawAll();
  addEventListener("resize", drawAll);
  /** @type {NodeListOf<HTMLTableElement>} */
  const heats = document.querySelectorAll("table.heat");
  heats.forEach((table) => tellCells(table));
}

begin();
