// The last quarter of an hour, second by second: what was before the page was opened is asked for.

import { call } from "../net/api.js";
import { store } from "../store.js";
import { link, summary } from "./live.js";
import { pointOf, pointsOf, withPoint } from "./points.js";

const KEPT_S = 15 * 60;

/** @typedef {import("./points.js").Point} Point */

/** @type {import("../store.js").Store<Point[]>} */
export const recent = store(/** @type {Point[]} */ ([]));

/** Begin to keep what comes; again from the service's memory whenever it is back. */
export function keepRecent() {
  summary.follow((told) => told && recent.set(withPoint(recent.get(), pointOf(told), KEPT_S)));
  link.follow(({ state }) => state === "live" && void fill());
}

/**
 * What the service remembers.
 * @param {"15m" | "24h"} window
 * @returns {Promise<Point[]>}
 */
export async function remembered(window) {
  return pointsOf(await call(`api/v1/simulation/history?window=${window}`));
}

async function fill() {
  try {
    const before = await remembered("15m");
    const last = before.at(-1)?.at ?? 0;
    recent.set([...before, ...recent.get().filter(({ at }) => at > last)]);
  } catch {
    // What comes from now on is drawn all the same.
  }
}
