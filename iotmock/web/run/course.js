// How far a run is, what goes on and what comes next.

import { html } from "../html.js";
import { duration } from "../words/numbers.js";

/** @param {{ run: import("./follow.js").SoakRun }} props */
export function Course({ run: { samples, length_s: length, planned, ended } }) {
  const last = samples.at(-1);
  const now = last?.t ?? 0;
  const next = planned.find(({ at }) => at > now);
  const comes = next ? `next, in ${duration(next.at - now)}: ${next.label}` : "waiting for the last messages";
  return html`<section class="card strip" aria-label="Course">
    <div class="row"><strong>${ended ? "ended" : (last?.phase ?? "begins")}</strong>
      <span class="soft">${duration(Math.min(now, length))} of ${duration(length)}</span>
      <span class="space"></span>
      ${!ended && html`<span>${comes}</span>`}</div>
    <progress aria-label="How far the run is" max=${length || 1} value=${Math.min(now, length)}></progress>
  </section>`;
}
