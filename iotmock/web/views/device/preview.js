// What the device will look like: computed by the service on a copy of it, from now on.

import { summary } from "../../live/live.js";
import { useAnswer } from "../../net/use.js";

const EVERY_MS = 15 * 60_000;
const FAST = 10;
/** @type {any[]} */
const NONE = [];

/** @param {number | "step" | undefined} speed */
function isFast(speed) {
  return speed === 0 || (typeof speed === "number" && speed > FAST);
}

/**
 * @param {string} id
 * @param {boolean} day the coming day, or the coming hour more finely
 * @returns {import("./merged.js").Reading[]}
 */
export function usePreview(id, day) {
  const coarse = day || isFast(summary.get()?.speed);
  const span = coarse ? "hours=24&step=300" : "hours=1&step=10";
  const path = `api/v1/devices/${encodeURIComponent(id)}/preview?${span}`;
  return useAnswer(path, EVERY_MS).data?.readings ?? NONE;
}
