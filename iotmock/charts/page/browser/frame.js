// Where data lies on a chart, and pieces of SVG.

export const LEFT = 58, RIGHT = 14, BOTTOM = 26;
/** Has a logarithm. */
const TINIEST = 0.000000001;
const SVG = "http://www.w3.org/2000/svg";

/** Where data lies on a chart of a width, in px, for what a view shows of it. */
export class Frame {
  constructor(facts, view, width) {
    Object.assign(this, { scale: facts.scale, view, width, top: facts.top, height: facts.height });
    this.right = width - RIGHT;
    this.bottom = facts.height - BOTTOM;
  }

  x(at) {
    const { low, high } = this.view;
    return LEFT + ((at - low) / (high - low || 1)) * (this.right - LEFT);
  }

  at(x) {
    const share = Math.min(1, Math.max(0, (x - LEFT) / (this.right - LEFT)));
    return this.view.low + share * (this.view.high - this.view.low);
  }

  y(value) {
    const { low, high, log } = this.scale;
    const place = log ? Math.max(low, Math.log10(Math.max(value, TINIEST))) : value;
    return this.bottom - ((place - low) / (high - low || 1)) * (this.bottom - this.top);
  }

  isSeen(at) {
    return at >= this.view.low && at <= this.view.high;
  }
}

/** Make a piece of SVG. */
export function piece(name, attributes, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  return made;
}

/** Set several attributes. */
export function set(element, attributes) {
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
}
