// What is said over every view while the service does not answer.

import { html } from "../html.js";
import { link } from "../live/live.js";
import { useStore } from "../store.js";

const UNREACHED = "the service does not answer";

export function Offline() {
  const { state, reason } = useStore(link);
  if (state !== "offline") return null;
  return html`<p class="banner bad" role="alert">
    <strong>The service does not answer</strong>${reason === UNREACHED ? "" : ` (${reason})`}. What you see is from before; the page
    goes on by itself when it is back.
  </p>`;
}
