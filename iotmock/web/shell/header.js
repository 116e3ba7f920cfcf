// The head of the page: where one can go, and how the service is.

import { html } from "../html.js";
import { link, summary } from "../live/live.js";
import { address } from "../route/address.js";
import { useStore } from "../store.js";

const PLACES = [
  ["Fleet", ""],
  ["Devices", "devices"],
  ["Faults", "faults"],
  ["Fleets", "fleets"],
  ["Sites", "sites"],
  ["Soak", "soak"],
];
const LINKS = {
  connecting: "connecting…",
  live: "live",
  offline: "no answer",
};

/** @param {{ at: string }} props `at` is the first part of the place */
export function Header({ at }) {
  return html`<header class="top">
    <a class="brand" href="#/"><img src=${new URL("../icon.svg", import.meta.url).href} alt="" width="22" height="22" /> iotmock</a>
    <nav aria-label="Views">
      ${PLACES.map(
        ([name, path]) => html`<a
          key=${path}
          href=${address(path ? [path] : [])}
          aria-current=${at === path ? "page" : undefined}
          >${name}</a
        >`,
      )}
    </nav>
    <${Pulse} />
  </header>`;
}

function Pulse() {
  const { state } = useStore(link);
  const told = useStore(summary);
  const degraded = state === "live" && told?.health.status === "degraded";
  const tone = state !== "live" ? state : degraded ? "degraded" : "well";
  return html`<div role="status">
    <a class=${`pulse ${tone}`} href="#/">
      <span class="dot" aria-hidden="true"></span>
      ${degraded ? "degraded" : LINKS[state]}
      ${told && !told.running && state === "live" ? " · stopped" : ""}
    </a>
  </div>`;
}
