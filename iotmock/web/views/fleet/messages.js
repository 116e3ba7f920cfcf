// Messages: due, sent and acknowledged; how late, and what waits.

import { useMemo } from "preact/hooks";

import { pen } from "../../chart/palette.js";
import { Plot } from "../../chart/plot.js";
import { html } from "../../html.js";
import { Card, Figure, Figures } from "../../parts/card.js";
import { Empty } from "../../parts/states.js";
import { count, measured } from "../../words/numbers.js";

const LATE_MS = 1_000;
const RATES = /** @type {const} */ ([["due", 6], ["sent", 0], ["acknowledged", 2]]);

/**
 * @param {{ told: import("../../live/live.js").Summary,
 *   points: import("../../live/points.js").Point[] }} props
 */
export function Messages({ told, points }) {
  const x = useMemo(() => points.map(({ at }) => at), [points]);
  const lines = useMemo(
    () =>
      RATES.map(([name, index]) => ({
        label: name,
        unit: "/s",
        values: points.map((point) => point[name]),
        pen: pen(index),
      })),
    [points],
  );
  return html`<${Card} title="Messages" class="most">
    <${Late} told=${told} />
    ${
      points.length < 2
        ? html`<${Empty} title="The curves begin in a moment." />`
        : html`<${Plot} title="Messages per second" unit="messages/s" x=${x} lines=${lines} height=${180} />`
    }
  <//>`;
}

/** @param {{ told: import("../../live/live.js").Summary }} props */
function Late({ told: { lateness_ms: late, backlog, waiting, messages } }) {
  return html`<${Figures}>
    <${Figure} label="Late (99 of 100 less than)" value=${measured(late.p99)} unit="ms" tone=${late.p99 > LATE_MS ? "warn" : ""} more=${`half of them less than ${measured(late.p50)} ms`} />
    <${Figure} label="Backlog" value=${count(backlog)} unit=${backlog === 1 ? "message" : "messages"} tone=${backlog > 1_000 ? "warn" : ""} more="not yet written to the broker" />
    <${Figure} label="Waiting" value=${count(waiting)} unit=${waiting === 1 ? "message" : "messages"} more="not yet acknowledged" />
    <${Figure} label="Dropped" value=${count(messages.dropped)} unit=${messages.dropped === 1 ? "message" : "messages"} tone=${messages.dropped ? "bad" : ""} more="since the start" />
  <//>`;
}
