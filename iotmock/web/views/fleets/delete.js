// A fleet is taken down, after a question.

import { html } from "../../html.js";
import { call } from "../../net/api.js";
import { Confirm } from "../../parts/dialog.js";
import { tell } from "../../parts/notices.js";
import { counted } from "../../words/numbers.js";

/** @param {{ fleet: any, close: () => void, done: () => void }} props */
export function DeleteFleet({ fleet, close, done }) {
  const act = async () => {
    const path = `api/v1/fleets/${encodeURIComponent(fleet.name)}`;
    const goes = await tell(`${fleet.name} is being taken down.`, () => call(path, { method: "DELETE" }));
    if (goes) done();
    else close();
  };
  return html`<${Confirm} title=${`Delete ${fleet.name}?`} deed="Delete it" act=${act} close=${close}>
    <p>All its devices go: ${counted(fleet.devices.present, "device")}. This can not be undone.</p>
  <//>`;
}
