// A table of colours: what the cell beside the mouse is.

import { inside } from "./frame.js";

/**
 * Say what a cell of a table of colours is, beside the mouse; the values are in the table below.
 * @param {HTMLTableElement} table
 */
export function tellCells(table) {
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  table.after(tip);
  table.addEventListener("pointermove", (event) => {
    const cell = /** @type {HTMLTableCellElement | null} */ (
      /** @type {Element} */ (event.target).closest("tbody td[class]")
    );
    tip.hidden = cell === null;
    if (cell !== null) show(table, cell, tip);
  });
  table.addEventListener("pointerleave", () => (tip.hidden = true));
}

/** @param {HTMLTableElement} table @param {HTMLTableCellElement} cell @param {HTMLElement} tip */
function show(table, cell, tip) {
  const figure = /** @type {HTMLElement} */ (table.parentElement);
  /** @type {HTMLTableElement} */
  const values = inside(figure, "details table");
  const { rowIndex } = /** @type {HTMLTableRowElement} */ (cell.parentElement);
  const row = values.rows[rowIndex].cells, hour = cell.cellIndex - 1;
  const value = `${row[hour + 1].textContent} ${table.dataset.unit}`;
  tip.textContent = `${row[0].textContent} ${String(hour).padStart(2, "0")}:00, ${value}`;
  const box = cell.getBoundingClientRect(), around = figure.getBoundingClientRect();
  const left = box.left - around.left + box.width / 2 - tip.offsetWidth / 2;
  tip.style.left = `${Math.min(Math.max(0, left), around.width - tip.offsetWidth)}px`;
  tip.style.top = `${box.top - around.top - tip.offsetHeight - 6}px`;
}
