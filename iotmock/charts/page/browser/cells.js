/** Say what a cell of a table of colours is, beside the mouse. */
export function tellCells(table) {
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  table.after(tip);
  table.addEventListener("pointermove", (event) => {
    const cell = event.target.closest("td[data-text]");
    tip.hidden = cell === null;
    if (cell === null) return;
    tip.textContent = cell.dataset.text;
    const box = cell.getBoundingClientRect(), around = table.parentElement.getBoundingClientRect();
    const left = box.left - around.left + box.width / 2 - tip.offsetWidth / 2;
    tip.style.left = `${Math.min(Math.max(0, left), around.width - tip.offsetWidth)}px`;
    tip.style.top = `${box.top - around.top - tip.offsetHeight - 6}px`;
  });
  table.addEventListener("pointerleave", () => (tip.hidden = true));
}
