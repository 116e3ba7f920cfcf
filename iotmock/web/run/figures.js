// The figures of the last second.

import { html } from "../html.js";
import { Figure, Figures as All } from "../parts/card.js";
import { count, measured } from "../words/numbers.js";

/** @param {{ sample?: import("./follow.js").Sample | undefined }} props */
export function Figures({ sample }) {
  if (!sample) return null;
  return html`<section class="card strip" aria-label="Now"><${All}>
    <${Figure} label="Devices" value=${count(sample.devices)} />
    <${Figure} label="Received" value=${measured(sample.received)} unit="messages/s" more=${`${measured(sample.due)} due, ${measured(sample.sent)} sent`} />
    <${Figure} label="Latency, median" value=${measured(sample.latency_p50_ms)} unit="ms" more=${`99 of 100 within ${measured(sample.latency_p99_ms)} ms`} />
    <${Figure} label="Lost" value=${count(sample.lost)} unit=${sample.lost === 1 ? "message" : "messages"} tone=${sample.lost ? "bad" : "good"} />
    <${Figure} label="Backlog" value=${count(sample.backlog)} unit="messages" />
    <${Figure} label="Memory" value=${measured(sample.generator_mb)} unit="MB" more=${`the receiver ${measured(sample.receiver_mb)} MB`} />
  <//></section>`;
}
