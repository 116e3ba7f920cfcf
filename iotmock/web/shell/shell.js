// The page: its head, the view that the address names, and what is said over it.

import { useEffect, useRef } from "preact/hooks";

import { html } from "../html.js";
import { Notices } from "../parts/notices.js";
import { Empty } from "../parts/states.js";
import { usePlace } from "../route/place.js";
import { DeviceView } from "../views/device/view.js";
import { DevicesView } from "../views/devices/view.js";
import { FaultsView } from "../views/faults/view.js";
import { FleetView } from "../views/fleet/view.js";
import { FleetsView } from "../views/fleets/view.js";
import { SitesView } from "../views/sites/view.js";
import { SoakView } from "../views/soak/view.js";
import { Boundary } from "./boundary.js";
import { Header } from "./header.js";
import { Offline } from "./offline.js";
import { TokenQuestion } from "./token.js";

/** @typedef {import("../route/address.js").Place} Place */

/** @type {Record<string, [title: string, view: (props: { place: Place }) => any]>} */
const VIEWS = {
  "": ["Fleet", FleetView],
  devices: ["Devices", DevicesView],
  faults: ["Faults", FaultsView],
  fleets: ["Fleets", FleetsView],
  sites: ["Sites", SitesView],
  soak: ["Soak", SoakView],
};

/** @param {Place} place */
function viewAt({ path }) {
  const [room = "", id] = path;
  if (room === "devices" && id) return /** @type {const} */ ([id, DeviceView]);
  return VIEWS[room] ?? /** @type {const} */ (["Nothing here", Nowhere]);
}

export function Shell() {
  const place = usePlace();
  const [title, View] = viewAt(place);
  const heading = useRef(/** @type {HTMLElement | null} */ (null));
  const first = useRef(true);
  const name = place.path.join("/");
  useEffect(() => {
    document.title = `${title} · iotmock`;
    if (!first.current) heading.current?.focus({ preventScroll: true });
    first.current = false;
  }, [name]);
  return html`<a class="skip" href="#content" onClick=${skip}>To the content</a>
    <${Header} at=${place.path[0] ?? ""} />
    <${Offline} />
    <main id="content" tabindex="-1" ref=${heading}>
      <${Boundary} of=${name}><${View} key=${name} place=${place} /><//>
    </main>
    <${Notices} />
    <${TokenQuestion} />`;
}

/** @param {Event} event */
function skip(event) {
  event.preventDefault();
  document.getElementById("content")?.focus();
}

function Nowhere() {
  return html`<h1>Nothing here</h1>
    <${Empty} title="There is no such view."><p><a href="#/">To the fleet</a></p><//>`;
}
