// What the service says of the whole fleet once a second, for all views: one stream for the page.

import { listen } from "../net/stream.js";
import { store } from "../store.js";

/**
 * @typedef {object} Summary
 * @property {string} timestamp
 * @property {string} now simulated time
 * @property {boolean} running
 * @property {number | "step"} speed 0: as fast as it can; "step": moved on by hand
 * @property {Record<string, number>} devices
 * @property {{ total_w: number, by_family: Record<string, number>, by_location: Record<string, number>, other_locations_w: number }} power
 * @property {{ due_per_s: number, sent_per_s: number, acknowledged_per_s: number, dropped: number }} messages
 * @property {{ p50: number, p99: number, max: number }} lateness_ms
 * @property {number} backlog
 * @property {number} waiting
 * @property {number} faults_active
 * @property {Record<string, any>} connection
 * @property {{ status: string, problems: string[] }} health
 */

/** @typedef {{ state: import("../net/stream.js").LinkState, reason: string }} Link */

/** @type {import("../store.js").Store<Link>} */
export const link = store(/** @type {Link} */ ({ state: "connecting", reason: "" }));
/** @type {import("../store.js").Store<Summary | null>} */
export const summary = store(/** @type {Summary | null} */ (null));

/** Begin to listen; it goes on for as long as the page is open. */
export function begin() {
  listen("kind=summary", {
    hear: (event, data) => {
      if (event === "summary") summary.set(data);
    },
    link: (state, reason = "") => link.set({ state, reason }),
  });
}
