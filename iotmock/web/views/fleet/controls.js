// The switches of simulated time.

import { useState } from "preact/hooks";

import { html } from "../../html.js";
import { call } from "../../net/api.js";
import { tell } from "../../parts/notices.js";
import { exact } from "../../words/numbers.js";

const SPEEDS = [0.5, 1, 2, 10, 60, 600, 3600];

/**
 * @param {string} done
 * @param {string} what
 * @param {unknown} [body]
 */
function order(done, what, body) {
  return tell(done, () => call(`api/v1/simulation/${what}`, { method: "POST", body }));
}

/** @param {{ told: import("../../live/live.js").Summary }} props */
export function Controls({ told }) {
  const [busy, setBusy] = useState(false);
  const act = async (/** @type {Promise<unknown>} */ deed) => {
    setBusy(true);
    await deed;
    setBusy(false);
  };
  const turn = () =>
    act(told.running ? order("The simulation is stopped.", "stop") : order("The simulation runs.", "start"));
  const hasten = (/** @type {any} */ event) => {
    const { value } = event.target;
    const speed = value === "step" ? value : Number(value);
    void act(order(`Now: ${wordOf(speed)}.`, "speed", { speed }));
  };
  return html`<div class="row controls" role="group" aria-label="Simulation">
    <button type="button" class=${told.running ? "" : "primary"} disabled=${busy} onClick=${turn}>
      ${told.running ? "Stop" : "Start"}
    </button>
    <label class="hidden-text" for="speed">Speed of simulated time</label>
    <select id="speed" class="narrow" disabled=${busy} value=${String(told.speed)} onChange=${hasten}>
      ${speeds(told.speed).map((speed) => html`<option key=${speed} value=${String(speed)}>${wordOf(speed)}</option>`)}
    </select>
    <button type="button" disabled=${busy} onClick=${() => act(order("Simulated time is the wall clock's.", "resync"))}>
      Back to the wall clock
    </button>
  </div>`;
}

/** @param {number | "step"} now */
function speeds(now) {
  return SPEEDS.includes(/** @type {number} */ (now)) ? SPEEDS : [...SPEEDS, now];
}

/** @param {number | "step"} speed */
function wordOf(speed) {
  if (speed === "step") return "moved on by hand";
  return speed === 0 ? "as fast as it can" : `speed × ${exact(speed)}`;
}
