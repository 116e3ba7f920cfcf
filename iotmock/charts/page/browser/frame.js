// Where data lies on a chart, and pieces of SVG.

export const LEFT = 58, RIGHT = 14, BOTTOM = 26;
/** Has a logarithm. */
const TINIEST = 0.000000001;
const SVG = "http://www.w3.org/2000/svg";

/**
 * What a chart is made of, as it stands in the page.
 * @typedef {{axis: import("./time.js").Axis, scale: Scale, curves: import("./columns.js").Curve[],
 *   steps: [number, number][], top: number, height: number, digits: number}} Facts
 * @typedef {{low: number, high: number, log: boolean}} Scale
 */

/** Where data lies on a chart of a width, in px, for what a view shows of it. */
export class Frame {
  /** @param {Facts} facts @param {import("./view.js").View} view @param {number} width */
  constructor({ scale, top, height }, view, width) {
    this.scale = scale;
    this.view = view;
    this.width = width;
    this.top = top;
    this.height = height;
    this.right = width - RIGHT;
    this.bottom = height - BOTTOM;
  }

  /** @param {number} at */
  x(at) {
    const { low, high } = this.view;
    return LEFT + ((at - low) / (high - low || 1)) * (this.right - LEFT);
  }

  /** @param {number} x */
  at(x) {
    const share = Math.min(1, Math.max(0, (x - LEFT) / (this.right - LEFT)));
    return this.view.low + share * (this.view.high - this.view.low);
  }

  /** @param {number} value */
  y(value) {
    const { low, high, log } = this.scale;
    const place = log ? Math.max(low, Math.log10(Math.max(value, TINIEST))) : value;
    return this.bottom - ((place - low) / (high - low || 1)) * (this.bottom - this.top);
  }

  /** @param {number} at */
  isSeen(at) {
    return at >= this.view.low && at <= this.view.high;
  }
}

/**
 * Make a piece of SVG.
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 * @param {string} text
 */
export function piece(name, attributes, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  if (text) made.textContent = text;
  return made;
}

/** Set several attributes. @param {Element} element @param {Record<string, string | number>} attributes */
export function set(element, attributes) {
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
}

/**
 * Return what the page is known to have there.
 * @param {Element} element
 * @param {string} selector
 */
export function inside(element, selector) {
  return /** @type {any} */ (element.querySelector(selector));
}
