// The script begins here: charts of a group get a view in common.

import { tellCells } from "./cells.js";
import { Chart } from "./chart.js";
import { View } from "./view.js";

/** Make the charts of the page live: those of a group have a view in common. */
function begin() {
  const views = new Map();
  const charts = [...document.querySelectorAll("figure.chart")].map((figure) => {
    const facts = JSON.parse(figure.querySelector("script").textContent);
    const { group } = figure.dataset, { low, high } = facts.axis;
    if (!views.has(group)) views.set(group, new View(low, high));
    return new Chart(figure, facts, views.get(group));
  });
  document.documentElement.classList.add("live");
  const drawAll = () => charts.forEach((chart) => chart.draw());
  drawAll();
  addEventListener("resize", drawAll);
  document.querySelectorAll("table.heat").forEach(tellCells);
}

begin();
