// A curve without axes, the size of a word.

import { html } from "../html.js";

const WIDTH = 96;
const HEIGHT = 22;

/** @param {{ values: number[], label: string }} props */
export function Spark({ values, label }) {
  if (values.length < 2) return html`<span class="spark none" aria-hidden="true"></span>`;
  return html`<svg class="spark" viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label=${label}>
    <polyline points=${points(values)} />
  </svg>`;
}

/**
 * Lay values out from left to right, the highest at the top; equal ones in the middle.
 * @param {number[]} values
 */
export function points(values) {
  const low = Math.min(...values);
  const room = Math.max(...values) - low;
  const step = WIDTH / (values.length - 1);
  const y = (/** @type {number} */ value) =>
    room ? HEIGHT - 2 - ((value - low) / room) * (HEIGHT - 4) : HEIGHT / 2;
  return values.map((value, index) => `${(index * step).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
}
