// A run of a soak while it goes on: how far it is, its curves, thresholds, worst devices, events.

import { html } from "../html.js";
import { Loading } from "../parts/states.js";
import { Charts } from "./charts.js";
import { Course } from "./course.js";
import { Events } from "./events.js";
import { Figures } from "./figures.js";
import { useRun } from "./follow.js";
import { Thresholds } from "./thresholds.js";
import { Verdict } from "./verdict.js";
import { Worst } from "./worst.js";

export function Run() {
  const { run, gone } = useRun();
  const state = run?.ended ? "ended" : gone ? "offline" : "live";
  return html`<${Head} name=${run?.name} state=${state} />
    ${state === "offline" && html`<${Gone} folder=${run?.folder} />`}
    <main id="content">
      <div class="row title"><h1>${run?.name ?? "Soak"}</h1></div>
      ${run === null ? gone || html`<${Loading} what="the run" />` : html`
        <${Verdict} run=${run} />
        <${Course} run=${run} />
        <${Figures} sample=${run.samples.at(-1)} />
        <div class="grid">
          <${Charts} run=${run} />
          <${Thresholds} of=${run.thresholds} ended=${run.ended !== null} />
          <${Worst} devices=${run.worst_devices} />
          <${Events} events=${run.events} />
        </div>`}
    </main>`;
}

const STATES = {
  live: ["well", "runs"],
  offline: ["offline", "no answer"],
  ended: ["", "ended"],
};

/** @param {{ name?: string | undefined, state: keyof typeof STATES }} props */
function Head({ name, state }) {
  const [tone, word] = STATES[state];
  document.title = `${name ?? "Soak"} · iotmock soak`;
  return html`<header class="top">
    <span class="brand"><img src=${new URL("../icon.svg", import.meta.url).href} alt="" width="22" height="22" /> iotmock soak</span>
    <span class="space"></span>
    <div role="status"><span class=${`pulse ${tone}`}><span class="dot" aria-hidden="true"></span>${word}</span></div>
  </header>`;
}

/** @param {{ folder?: string | undefined }} props */
function Gone({ folder }) {
  return html`<p class="banner warn" role="alert"><strong>The run does not answer.</strong> What you see is from before; the page goes on by
    itself when it is back. ${folder && html`If it has ended, its verdict and its figures are in <code>${folder}/report.html</code>.`}</p>`;
}
