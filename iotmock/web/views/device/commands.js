// Every command of the device's type, as a form, and what the device answered.

import { useMemo, useState } from "preact/hooks";

import { fieldsOf } from "../../forms/fields.js";
import { Form } from "../../forms/form.js";
import { html } from "../../html.js";
import { useDeviceTypes } from "../../live/types.js";
import { call } from "../../net/api.js";
import { Card } from "../../parts/card.js";
import { Loading } from "../../parts/states.js";
import { Result } from "./result.js";

/** @param {{ device: any }} props */
export function Commands({ device }) {
  const types = useDeviceTypes();
  const commands = types?.find((type) => type.device_type === device.device_type)?.commands;
  return html`<${Card} title="Commands" class="half">
    ${commands ? html`<${Chosen} device=${device} commands=${commands} />` : html`<${Loading} what="the commands" />`}
  <//>`;
}

/** @param {{ device: any, commands: any[] }} props */
function Chosen({ device, commands }) {
  const [name, setName] = useState(commands[0].command);
  const [result, setResult] = useState(/** @type {any} */ (null));
  const command = commands.find((one) => one.command === name) ?? commands[0];
  const fields = useMemo(() => fieldsOf(command.parameters), [command]);
  const submit = async (/** @type {unknown} */ parameters) => {
    setResult(null);
    const path = `api/v1/devices/${encodeURIComponent(device.device_id)}/command`;
    const body = { command: command.command, parameters };
    try {
      setResult(await call(path, { method: "POST", body }));
    } catch (error) {
      setResult({ command: command.command, status: "rejected", reason: /** @type {Error} */ (error).message });
    }
  };
  return html`<label for="command">Command</label>
    <select id="command" value=${name} onChange=${(/** @type {any} */ event) => (setName(event.target.value), setResult(null))}>
      ${commands.map((one) => html`<option key=${one.command} value=${one.command}>${one.command}</option>`)}
    </select>
    <p class="hint">${command.description}</p>
    <${Form} key=${name} fields=${fields} deed="Send" submit=${submit} />
    <${Result} result=${result} />`;
}
