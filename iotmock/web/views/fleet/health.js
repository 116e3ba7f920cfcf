// How the service is, and what to do about what is not well.

import { html } from "../../html.js";
import { Card } from "../../parts/card.js";

/** @param {{ told: import("../../live/live.js").Summary }} props */
export function Health({ told: { health, connection } }) {
  const well = health.status === "healthy";
  return html`<${Card} title="Health" class="third">
    <p><span class=${`chip ${well ? "online" : "degraded"}`}><strong>${well ? "healthy" : "degraded"}</strong></span></p>
    ${
      well
        ? html`<p class="soft">All parts are whole, and what is due is delivered.</p>`
        : html`<ul class="problems">${health.problems.map((problem) => html`<${Problem} key=${problem} text=${problem} />`)}</ul>`
    }
    <h3>Broker</h3>
    <p><span class=${`chip ${connection.connected ? "online" : "error"}`}>${connection.connected ? "connected" : "connecting…"}</span></p>
    <p class="soft mono">${connection.broker}</p>
    ${connection.connections > 1 && html`<p class="soft">${connection.open} of ${connection.connections} connections are open</p>`}
    ${!connection.connected && connection.last_error && html`<p class="bad">${connection.last_error}</p>`}
  <//>`;
}

/** @param {{ text: string }} props "what is wrong: what to do" */
function Problem({ text }) {
  const [what = "", todo = ""] = text.split(/: (.*)/s);
  return html`<li><strong>${what}</strong>${todo && html`<br />${todo}`}</li>`;
}
