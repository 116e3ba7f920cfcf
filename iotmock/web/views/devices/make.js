// A device is made.

import { useState } from "preact/hooks";

import { Form } from "../../forms/form.js";
import { html } from "../../html.js";
import { useDeviceTypes } from "../../live/types.js";
import { call } from "../../net/api.js";
import { Dialog } from "../../parts/dialog.js";
import { say } from "../../parts/notices.js";
import { Loading } from "../../parts/states.js";
import { newFields } from "./fields.js";

/** @param {{ close: () => void, done: (id: string) => void }} props */
export function MakeDevice({ close, done }) {
  const types = useDeviceTypes();
  const [chosen, setChosen] = useState("");
  const submit = async (/** @type {any} */ body) => {
    const made = await call("api/v1/devices", { method: "POST", body });
    say(`${made.device_id} is made.`);
    done(made.device_id);
  };
  return html`<${Dialog} title="Make a device" close=${close}>
    ${
      types
        ? html`<${Form} fields=${newFields(types, chosen)} deed="Make it" submit=${submit} cancel=${close}
            changed=${(/** @type {any} */ texts) => setChosen(texts.device_type)} />`
        : html`<${Loading} what="the device types" />`
    }
  <//>`;
}
