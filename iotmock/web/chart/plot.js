// Curves over time: uPlot in a figure, with a legend of buttons that show and hide lines.

import uPlot from "uplot";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import { html } from "../html.js";
import { closer, leave, look, press, show } from "./keys.js";
import { Legend } from "./legend.js";
import { options } from "./options.js";
import { followScheme } from "./palette.js";

/** @typedef {import("./options.js").Line} Line */
/** @typedef {import("./options.js").Mark} Mark */

/**
 * @param {{ title: string, unit: string, x: number[], lines: Line[], marks?: Mark[],
 *   height?: number, zero?: boolean, since?: boolean, whole?: boolean }} props `x` in s since 1970, or with
 *   `since` after the start; `zero`: the scale has 0 on it;
 *   `whole`: what is counted has no parts
 */
export function Plot({ title, unit, x, lines, marks = [], height = 220, zero = true, since = false, whole = false }) {
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const plot = useRef(/** @type {uPlot | null} */ (null));
  const shownMarks = useRef(marks);
  const drawn = useRef(/** @type {uPlot.AlignedData | null} */ (null));
  const lookedAt = useRef(/** @type {import("./view.js").View | null} */ (null));
  const [hovered, setHovered] = useState(/** @type {number | null} */ (null));
  const [hidden, setHidden] = useState(/** @type {ReadonlySet<string>} */ (new Set()));
  const [scheme, setScheme] = useState(0);
  shownMarks.current = marks;
  const names = lines.map((line) => `${line.label}${line.pen.colour}`).join("|");
  const data = useMemo(() => /** @type {uPlot.AlignedData} */ ([x, ...lines.map((line) => line.values)]), [x, lines]);

  useEffect(() => followScheme(() => setScheme((was) => was + 1)), []);
  useEffect(() => {
    const at = box.current;
    if (!at) return undefined;
    const told = { lines, unit, zero, since, whole, height, width: at.clientWidth, marks: () => shownMarks.current, hovered: setHovered };
    const made = new uPlot(options(told), data, at);
    plot.current = made;
    drawn.current = data;
    look(made, lookedAt.current, data);
    const watch = new ResizeObserver(() => made.setSize({ width: at.clientWidth, height }));
    watch.observe(at);
    return () => {
      watch.disconnect();
      lookedAt.current = closer(made, since);
      made.destroy();
      plot.current = null;
    };
  }, [names, unit, height, zero, scheme]);
  useEffect(() => {
    // Of one that was made a moment ago nobody knows yet what it shows.
    if (plot.current && drawn.current !== data) show(plot.current, data, since);
    drawn.current = data;
  }, [data]);
  useEffect(() => plot.current?.redraw(false), [marks]);
  useEffect(() => {
    lines.forEach((line, index) => plot.current?.setSeries(index + 1, { show: !hidden.has(line.label) }));
  }, [hidden, names, scheme]);

  const turn = (/** @type {string} */ label) => setHidden(without(hidden, label));
  return html`<figure class="plot">
    <${Legend} lines=${lines} x=${x} at=${hovered} since=${since} hidden=${hidden} turn=${turn} />
    <div
      ref=${box}
      class="canvas"
      role="img"
      tabindex="0"
      aria-label=${spoken(title, lines)}
      onKeyDown=${(/** @type {KeyboardEvent} */ event) => plot.current && press(event, plot.current, since)}
      onBlur=${() => plot.current && leave(plot.current)}
    ></div>
  </figure>`;
}

/**
 * @param {ReadonlySet<string>} hidden
 * @param {string} label
 */
function without(hidden, label) {
  const next = new Set(hidden);
  if (!next.delete(label)) next.add(label);
  return next;
}

/**
 * @param {string} title
 * @param {Line[]} lines
 */
function spoken(title, lines) {
  return `${title}: a chart of ${lines.map((line) => line.label).join(", ") || "nothing yet"}`;
}
