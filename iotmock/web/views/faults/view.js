// Not there yet.

import { html } from "../../html.js";

export function FaultsView() {
  return html`<h1>Faults</h1>`;
}
