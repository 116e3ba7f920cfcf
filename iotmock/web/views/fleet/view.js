// The fleet at a glance: what it draws, what it sends, how it is, and its switches.

import { html } from "../../html.js";
import { link, summary } from "../../live/live.js";
import { recent } from "../../live/recent.js";
import { Empty, Loading } from "../../parts/states.js";
import { go } from "../../route/place.js";
import { useStore } from "../../store.js";
import { Controls } from "./controls.js";
import { Health } from "./health.js";
import { Messages } from "./messages.js";
import { Power } from "./power.js";
import { useDay } from "./day.js";
import { Strip } from "./strip.js";

/** @param {{ place: import("../../route/address.js").Place }} props */
export function FleetView({ place }) {
  const told = useStore(summary);
  const { state } = useStore(link);
  const second = useStore(recent);
  const span = place.query.span === "24h" ? "24h" : "15m";
  const day = useDay(span === "24h");
  const points = span === "24h" ? day : second;
  const choose = (/** @type {string} */ next) => go([], { span: next === "24h" ? next : undefined });
  if (told === null) return html`<h1>Fleet</h1>${state !== "offline" && html`<${Loading} what="the fleet" />`}`;
  if (told.devices.total === 0) return html`<h1>Fleet</h1><${NoDevices} />`;
  return html`<div class="row title"><h1>Fleet</h1><${Controls} told=${told} /></div>
    <${Strip} told=${told} />
    <div class="grid">
      <${Power} told=${told} points=${points} span=${span} choose=${choose} />
      <${Messages} key=${span} told=${told} points=${points} />
      <${Health} told=${told} />
    </div>`;
}

function NoDevices() {
  return html`<${Empty} title="There is no device yet.">
    <p><a href="#/devices?new=device">Make a device</a>, or <a href="#/fleets?new=fleet">a fleet of many</a>.</p>
  <//>`;
}
