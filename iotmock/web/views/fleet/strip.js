// The numbers that one looks at first.

import { html } from "../../html.js";
import { Figure, Figures } from "../../parts/card.js";
import { stamp } from "../../words/moments.js";
import { count, counted, exact, measured } from "../../words/numbers.js";

/** @param {{ told: import("../../live/live.js").Summary }} props */
export function Strip({ told }) {
  const { devices, power, messages, faults_active: faults } = told;
  const failed = devices.error ? `, ${counted(devices.error, "failed", "failed")}` : "";
  return html`<section class="card strip" aria-label="Now">
    <${Figures}>
      <${Figure} label="Power now" value=${measured(power.total_w / 1000)} unit="kW" more=${told.running ? "drawn by the whole fleet" : "the simulation is stopped"} />
      <${Figure} label="Devices online" value=${count(devices.online)} unit=${`of ${count(devices.total)}`} more=${`${count(devices.enabled)} enabled${failed}`} />
      <${Figure} label="Messages acknowledged" value=${measured(messages.acknowledged_per_s)} unit="per s" more=${`${measured(messages.due_per_s)} per s are due`} />
      <${Figure} label="Faults active" value=${count(faults)} tone=${faults ? "warn" : ""} more=${html`<a href="#/faults">faults</a>`} />
      <${Figure} label="Simulated time" value=${stamp(told.now).replace(" UTC", "")} unit="UTC" more=${speed(told)} />
    <//>
  </section>`;
}

/** @param {import("../../live/live.js").Summary} told */
function speed({ running, speed: factor }) {
  if (!running) return "stopped";
  if (factor === "step") return "moved on by hand";
  if (factor === 0) return "as fast as this machine can";
  return factor === 1 ? "as fast as the wall clock" : `${exact(factor)} times as fast as the wall clock`;
}
