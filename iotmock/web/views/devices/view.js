// Not there yet.

import { html } from "../../html.js";

export function DevicesView() {
  return html`<h1>Devices</h1>`;
}
