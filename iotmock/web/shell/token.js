// The question for the service's token.

import { useState } from "preact/hooks";

import { html } from "../html.js";
import { question } from "../net/token.js";
import { Dialog } from "../parts/dialog.js";
import { useStore } from "../store.js";

export function TokenQuestion() {
  const asked = useStore(question);
  const [text, setText] = useState("");
  if (asked === null) return null;
  const give = (/** @type {Event} */ event) => {
    event.preventDefault();
    setText("");
    asked.give(text);
  };
  return html`<${Dialog} title="This service wants its token">
    <form onSubmit=${give}>
      <p>It is what the service was started with as <code>API_TOKEN</code>. It is kept until this tab is closed.</p>
      ${asked.wrong && html`<p class="bad" role="alert">The service does not take this token.</p>`}
      <label for="token">Token</label>
      <input id="token" type="password" autocomplete="off" required value=${text}
        onInput=${(/** @type {any} */ event) => setText(event.target.value)} />
      <div class="row actions"><button class="primary">Go on</button></div>
    </form>
  <//>`;
}
