// Not there yet.

import { html } from "../../html.js";

export function SoakView() {
  return html`<h1>Soak</h1>`;
}
