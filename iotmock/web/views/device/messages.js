// The last messages as they went out, with their topics.

import { html } from "../../html.js";
import { useAnswer } from "../../net/use.js";
import { Card } from "../../parts/card.js";
import { Answered } from "../../parts/states.js";
import { clock } from "../../words/moments.js";

const REFRESH_MS = 2_000;
const SHOWN = 20;

/** @param {{ id: string }} props */
export function Messages({ id }) {
  const found = useAnswer(`api/v1/devices/${encodeURIComponent(id)}/messages?limit=${SHOWN}`, REFRESH_MS);
  return html`<${Card} title="Last messages" note="as sent, the newest first; times in UTC">
    <${Answered} of=${found} what="the messages">
      ${(/** @type {any} */ { messages }) =>
        messages.length === 0
          ? html`<p class="soft">Nothing has been sent since this was opened.</p>`
          : html`<div class="messages scroll" tabindex="0" role="region" aria-label="Messages, the newest first"><table>
              <thead><tr><th scope="col">Time</th><th scope="col">Topic</th><th scope="col">QoS</th><th scope="col">Payload</th></tr></thead>
              <tbody>${messages.map((/** @type {any} */ message, /** @type {number} */ index) => html`<${Row} key=${`${message.timestamp}${index}`} message=${message} />`)}</tbody>
            </table></div>`}
    <//>
  <//>`;
}

/** @param {{ message: any }} props */
function Row({ message: { timestamp, topic, qos, retain, payload } }) {
  return html`<tr>
    <td>${clock(timestamp)}</td>
    <td class="mono">${topic}</td>
    <td>${qos}${retain ? ", retained" : ""}</td>
    <td class="mono payload">${payload}</td>
  </tr>`;
}
