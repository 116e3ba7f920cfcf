// Lines that can be told apart: by colour in the light and in the dark, and by their dashes.

const COLOURS = 7;
const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3]];

/**
 * @typedef {object} Pen
 * @property {string} colour a custom property, as "--line-1"
 * @property {number[]} dash
 * @property {number} [width] px
 */

/**
 * @param {number} index
 * @returns {Pen}
 */
export function pen(index) {
  return { colour: `--line-${(index % COLOURS) + 1}`, dash: DASHES[index % DASHES.length] ?? [] };
}

/**
 * @param {string} name a custom property
 * @returns {string} its colour now
 */
export function colourOf(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/**
 * @param {() => void} changed called when the reader changes from light to dark, or prints
 * @returns {() => void}
 */
export function followScheme(changed) {
  const queries = ["(prefers-color-scheme: dark)", "print"].map((query) => matchMedia(query));
  for (const query of queries) query.addEventListener("change", changed);
  return () => queries.forEach((query) => query.removeEventListener("change", changed));
}
