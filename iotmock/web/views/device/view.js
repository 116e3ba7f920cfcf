// Not there yet.

import { html } from "../../html.js";

export function DeviceView() {
  return html`<h1>Device</h1>`;
}
