// A run of a soak while it goes on: how far it is, its curves, thresholds, worst devices, events.

import { html } from "../html.js";
import { Loading } from "../parts/states.js";
import { Charts } from "./charts.js";
import { Course } from "./course.js";
import { Events } from "./events.js";
import { Figures } from "./figures.js";
import { useRun } from "./follow.js";
import { Thresholds } from "./thresholds.js";
import { Worst } from "./worst.js";

export function Run() {
  const { run, gone } = useRun();
  return html`<${Head} name=${run?.name} gone=${gone} />
    ${gone && html`<${Gone} folder=${run?.folder} />`}
    <main id="content">
      <div class="row title"><h1>${run?.name ?? "Soak"}</h1></div>
      ${run === null ? html`<${Loading} what="the run" />` : html`
        <${Course} run=${run} />
        <${Figures} sample=${run.samples.at(-1)} />
        <div class="grid">
          <${Charts} run=${run} />
          <${Thresholds} of=${run.thresholds} />
          <${Worst} devices=${run.worst_devices} />
          <${Events} events=${run.events} />
        </div>`}
    </main>`;
}

/** @param {{ name?: string, gone: boolean }} props */
function Head({ name, gone }) {
  document.title = `${name ?? "Soak"} · iotmock soak`;
  return html`<header class="top">
    <span class="brand"><img src=${new URL("../icon.svg", import.meta.url).href} alt="" width="22" height="22" /> iotmock soak</span>
    <span class="space"></span>
    <div role="status"><span class=${`pulse ${gone ? "offline" : "well"}`}><span class="dot" aria-hidden="true"></span>${gone ? "ended" : "runs"}</span></div>
  </header>`;
}

/** @param {{ folder?: string | undefined }} props */
function Gone({ folder }) {
  return html`<p class="banner warn" role="alert"><strong>The run has ended</strong> or does not answer.
    ${folder && html` Its verdict and its figures are in <code>${folder}/report.html</code>.`}</p>`;
}
