// Many values as few that are drawn, with gaps where nothing was measured.

/**
 * A curve: its values, or the lowest, the drawn and the highest where several points were joined.
 * @typedef {{name: string, join: string, band: boolean, gap: number,
 *   values: (number | Cell | null)[]}} Curve
 * @typedef {[number, number, number]} Cell
 * @typedef {[number, Cell]} Point
 */

/**
 * Return the moments that pairs of a step and how often it comes stand for.
 * @param {number} begin
 * @param {[number, number][]} steps
 */
export function momentsOf(begin, steps) {
  const moments = [];
  let at = begin;
  for (const [step, count] of steps) {
    for (let number = 0; number < count; number += 1) moments.push((at += step));
  }
  return moments;
}

/**
 * Return the three values of a cell.
 * @param {number | Cell | null | undefined} value
 * @returns {Cell | null}
 */
export function cellOf(value) {
  if (value === undefined) return null;
  return value === null || Array.isArray(value) ? value : [value, value, value];
}

/** Return the place of the moment that is nearest. @param {number[]} moments @param {number} at */
export function nearest(moments, at) {
  const after = firstAfter(moments, at);
  if (after === 0) return 0;
  if (after === moments.length) return after - 1;
  return moments[after] - at < at - moments[after - 1] ? after : after - 1;
}

/** Return how many moments are not later. @param {number[]} moments @param {number} at */
export function firstAfter(moments, at) {
  let low = 0, high = moments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (moments[middle] <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Return a curve between two moments as pieces of at most so many points together, one beyond each
 * edge among them; where nothing was measured is no line.
 * @param {Curve} curve
 * @param {number[]} moments
 * @param {number} low
 * @param {number} high
 * @param {number} most

 */
export function pieces(curve, moments, low, high, most) {
  const begin = Math.max(0, firstAfter(moments, low) - 2);
  const end = Math.min(moments.length, firstAfter(moments, high) + 1);
  const width = end - begin > most ? (high - low) / most : 0;
  /** @type {Point[][]} */
  const found = [];
  /** @type {Cell[]} */
  let cells = [];
  let column = -Infinity, last = -Infinity;
  const close = () => {
    if (cells.length) found.at(-1)?.push([last, joined(curve, cells)]);
    cells = [];
  };
  for (let place = begin; place < end; place += 1) {
    const cell = cellOf(curve.values[place]), at = moments[place];
    if (cell === null) continue;
    const key = width ? Math.floor((at - low) / width) : place;
    if (key !== column) close();
    if (!found.length || at - last > Math.max(curve.gap, 2.5 * width)) {
      close();
      found.push([]);
    }
    cells.push(cell);
    column = key;
    last = at;
  }
  close();
  return found;
}

/** @param {Curve} curve @param {Cell[]} cells @returns {Cell} */
function joined(curve, cells) {
  const drawn = cells.map((cell) => cell[1]);
  const sum = drawn.reduce((one, other) => one + other, 0);
  return [
    Math.min(...cells.map((cell) => cell[0])),
    curve.join === "most" ? Math.max(...drawn) : sum / drawn.length,
    Math.max(...cells.map((cell) => cell[2])),
  ];
}
