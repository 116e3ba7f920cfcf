// A device is deleted, after a question.

import { html } from "../../html.js";
import { call } from "../../net/api.js";
import { Confirm } from "../../parts/dialog.js";
import { tell } from "../../parts/notices.js";

/** @param {{ id: string, close: () => void, done: () => void }} props */
export function DeleteDevice({ id, close, done }) {
  const act = async () => {
    const path = `api/v1/devices/${encodeURIComponent(id)}`;
    const gone = await tell(`${id} is deleted.`, () => call(path, { method: "DELETE" }));
    if (gone) done();
    else close();
  };
  return html`<${Confirm} title=${`Delete ${id}?`} deed="Delete it" act=${act} close=${close}>
    <p>Its retained status is cleared at the broker. This can not be undone.</p>
  <//>`;
}
