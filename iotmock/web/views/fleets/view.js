// Not there yet.

import { html } from "../../html.js";

export function FleetsView() {
  return html`<h1>Fleets</h1>`;
}
