// The curves of a run; what was planned and happened lies behind them.

import { useMemo } from "preact/hooks";

import { pen } from "../chart/palette.js";
import { Plot } from "../chart/plot.js";
import { html } from "../html.js";
import { Card } from "../parts/card.js";
import { Empty } from "../parts/states.js";

const CHARTS = /** @type {const} */ ([
  ["Messages", "messages/s", [["due", "due", 6], ["sent", "sent", 0], ["received", "received", 2]]],
  ["Latency", "ms", [["latency_p50_ms", "median", 0], ["latency_p95_ms", "95 of 100", 1], ["latency_p99_ms", "99 of 100", 4]]],
  ["Lost", "messages", [["lost", "lost", 4]]],
  ["Backlog", "messages", [["backlog", "backlog", 3]]],
]);

/** @param {{ run: import("./follow.js").SoakRun }} props */
export function Charts({ run: { samples, events } }) {
  const x = useMemo(() => samples.map(({ t }) => t), [samples]);
  const marks = events
    .filter(({ kind }) => kind !== "note")
    .map(({ t, text, until }) => ({ label: text, begin: t, end: until ?? t }));
  if (x.length < 2) return html`<${Card} title="Curves"><${Empty} title="The curves begin in a moment." /><//>`;
  const told = [...new Set(marks.map(({ label }) => label))].join(", ");
  return html`${told && html`<p class="hint">Bands: ${told}</p>`}${CHARTS.map(([title, unit, lines]) => html`<${Chart} key=${title} title=${title} unit=${unit} of=${lines} x=${x} samples=${samples} marks=${marks} />`)}`;
}

/**
 * @param {{ title: string, unit: string, of: readonly (readonly [string, string, number])[],
 *   x: number[], samples: import("./follow.js").Sample[], marks: any[] }} props
 */
function Chart({ title, unit, of, x, samples, marks }) {
  const lines = useMemo(
    () => of.map(([name, label, index]) => ({ label, unit: unit === "messages/s" ? "/s" : unit, values: samples.map((sample) => sample[name] ?? null), pen: pen(index) })),
    [samples],
  );
  return html`<${Card} title=${title} class="half" note=${unit}>
    <${Plot} title=${title} unit=${unit} x=${x} lines=${lines} marks=${marks} height=${180} since=${true} whole=${unit === "messages"} />
  <//>`;
}
