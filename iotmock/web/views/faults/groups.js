// Requests for many devices that still go on, each to be ended as one.

import { html } from "../../html.js";
import { counted } from "../../words/numbers.js";

/** @param {{ faults: any[], clear: (group: string) => void }} props */
export function Groups({ faults, clear }) {
  const groups = groupsOf(faults);
  if (groups.length === 0) return null;
  return html`<section class="card strip" aria-label="Requests for many that go on"><ul class="problems">
    ${groups.map(
      ([group, fault, many]) => html`<li key=${group}>
        <strong>${fault}</strong> on ${counted(many, "device")} of this page${" "}
        <button type="button" class="small" aria-label=${`Clear all of them: ${fault} of request ${group}`} onClick=${() => clear(group)}>Clear all of them</button>
      </li>`,
    )}
  </ul></section>`;
}

/**
 * @param {any[]} faults
 * @returns {[group: string, fault: string, many: number][]} of those that have not ended
 */
export function groupsOf(faults) {
  /** @type {Map<string, [string, string, number]>} */
  const groups = new Map();
  for (const { group, fault, state } of faults) {
    if (!group || state === "ended") continue;
    const before = groups.get(group);
    groups.set(group, [group, fault, (before?.[2] ?? 0) + 1]);
  }
  return [...groups.values()];
}
