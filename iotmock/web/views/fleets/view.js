// Fleets: made, scaled and taken down in the background, and how far that is.

import { useState } from "preact/hooks";

import { html } from "../../html.js";
import { useAnswer } from "../../net/use.js";
import { Answered, Empty } from "../../parts/states.js";
import { go } from "../../route/place.js";
import { DeleteFleet } from "./delete.js";
import { Fleet } from "./fleet.js";
import { MakeFleet } from "./make.js";
import { ScaleFleet } from "./scale.js";

const REFRESH_MS = 1_000;

/** @param {{ place: import("../../route/address.js").Place }} props */
export function FleetsView({ place: { query } }) {
  const found = useAnswer("api/v1/fleets", REFRESH_MS);
  const [asked, setAsked] = useState(/** @type {{ deed: string, fleet: any } | null} */ (null));
  const close = () => (setAsked(null), go(["fleets"]));
  const done = () => (close(), found.again());
  return html`<div class="row title"><h1>Fleets</h1>
      <button type="button" class="primary" onClick=${() => go(["fleets"], { new: "fleet" })}>Make a fleet</button>
    </div>
    <${Answered} of=${found} what="the fleets">
      ${(/** @type {any} */ { fleets }) =>
        fleets.length === 0
          ? html`<${Empty} title="There is no fleet yet."><p>A fleet is up to 1,000,000 devices that are made, scaled and taken down as one.</p><//>`
          : html`<div class="grid">${fleets.map((/** @type {any} */ fleet) => html`<${Fleet} key=${fleet.name} fleet=${fleet} ask=${setAsked} />`)}</div>`}
    <//>
    ${query.new && html`<${MakeFleet} close=${close} done=${done} />`}
    ${asked?.deed === "scale" && html`<${ScaleFleet} fleet=${asked.fleet} close=${close} done=${done} />`}
    ${asked?.deed === "delete" && html`<${DeleteFleet} fleet=${asked.fleet} close=${close} done=${done} />`}`;
}
