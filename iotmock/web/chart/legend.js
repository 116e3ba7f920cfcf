// What each line is, its value at the cursor or its last, and a switch for it.

import { html } from "../html.js";
import { stamp } from "../words/moments.js";
import { duration, withUnit } from "../words/numbers.js";

/**
 * @param {{ lines: import("./options.js").Line[], x: number[], at: number | null,
 *   hidden: ReadonlySet<string>, since: boolean, turn: (label: string) => void }} props
 */
export function Legend({ lines, x, at, hidden, since, turn }) {
  const index = at ?? x.length - 1;
  return html`<figcaption class="legend">
    ${lines.map(
      (line) => html`<button
        key=${line.label}
        type="button"
        aria-pressed=${!hidden.has(line.label)}
        onClick=${() => turn(line.label)}
      >
        <${Swatch} pen=${line.pen} />${line.label} <strong>${shown(line, at, index)}</strong>
      </button>`,
    )}
    <span class="when">${at !== null && x[at] !== undefined ? moment(x[at] ?? 0, since) : ""}</span>
  </figcaption>`;
}

/**
 * @param {import("./options.js").Line} line
 * @param {number | null} at
 * @param {number} index
 */
function value(line, at, index) {
  if (at === null && line.aside) return undefined;
  return at === null ? line.values.findLast((one) => one !== null && one !== undefined) : line.values[index];
}

/**
 * @param {import("./options.js").Line} line
 * @param {number | null} at
 * @param {number} index
 */
function shown(line, at, index) {
  const found = value(line, at, index);
  return found === undefined ? "" : withUnit(found, line.unit);
}

/** @param {{ pen: import("./palette.js").Pen }} props */
export function Swatch({ pen }) {
  return html`<svg class="swatch" width="22" height="8" aria-hidden="true">
    <line x1="0" y1="4" x2="22" y2="4" stroke=${`var(${pen.colour})`} stroke-width="3" stroke-dasharray=${pen.dash.join(" ")} />
  </svg>`;
}

/**
 * @param {number} at
 * @param {boolean} since the start, or 1970
 */
function moment(at, since) {
  return since ? `after ${duration(at)}` : stamp(at);
}
