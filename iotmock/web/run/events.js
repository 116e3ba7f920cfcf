// What has happened, the newest first: by plan, or not.

import { html } from "../html.js";
import { Card } from "../parts/card.js";
import { duration } from "../words/numbers.js";

const SHOWN = 50;

/** @param {{ events: import("./follow.js").SoakRun["events"] }} props */
export function Events({ events }) {
  const shown = events.slice(-SHOWN).reverse();
  return html`<${Card} title="Events">
    ${shown.length === 0 ? html`<p class="soft">Nothing has happened yet.</p>` : html`<table>
      <thead><tr><th scope="col">After</th><th scope="col">Kind</th><th scope="col">What</th></tr></thead>
      <tbody>${shown.map((one, index) => html`<tr key=${events.length - index}><td>${duration(one.t)}</td><td>${one.kind.replaceAll("_", " ")}</td><td>${one.text}</td></tr>`)}</tbody>
    </table>`}
  <//>`;
}
