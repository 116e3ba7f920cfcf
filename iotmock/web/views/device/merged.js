// Readings and the preview on one axis of time.

import { seconds } from "../../words/moments.js";

/** @typedef {{ timestamp: string, power: number, voltage: number, current: number, energy: number }} Reading */
/** @typedef {"power" | "voltage" | "current" | "energy"} Quantity */

const GAP_FACTOR = 5;
const NEIGHBOURS = 3;

/**
 * @typedef {object} Merged
 * @property {number[]} x s since 1970
 * @property {(index: Quantity) => { now: (number | null | undefined)[], coming: (number | undefined)[] }} of
 */

/**
 * @param {Reading[]} readings
 * @param {Reading[]} preview
 * @returns {Merged} undefined where a line has no value of its own, null where readings are missing
 */
export function merged(readings, preview) {
  const now = byTime(readings);
  const coming = byTime(preview);
  const gaps = gapsIn([...now.keys()]);
  const x = [...new Set([...now.keys(), ...coming.keys(), ...gaps])].sort((one, other) => one - other);
  const missing = new Set(gaps);
  return {
    x,
    of: (quantity) => ({
      now: x.map((at) => (missing.has(at) ? null : now.get(at)?.[quantity])),
      coming: x.map((at) => coming.get(at)?.[quantity]),
    }),
  };
}

/**
 * Readings as they come, with those before them.
 * @param {Reading[]} before
 * @param {Reading[]} readings
 */
export function joined(before, readings) {
  const first = readings[0];
  if (!first) return before;
  const from = seconds(first.timestamp);
  return [...before.filter(({ timestamp }) => seconds(timestamp) < from), ...readings];
}

/**
 * The part of the preview that is looked at beside the readings.
 * @param {Reading[]} readings
 * @param {Reading[]} preview
 * @param {number} least_s how much of it there is to see at least
 */
export function besides(readings, preview, least_s) {
  const from = seconds(readings[0]?.timestamp ?? preview[0]?.timestamp);
  const last = seconds(readings.at(-1)?.timestamp ?? preview[0]?.timestamp);
  const to = last + Math.max(least_s, (last - from) / 4);
  return preview.filter(({ timestamp }) => seconds(timestamp) >= from && seconds(timestamp) <= to);
}

/** @param {Reading[]} readings */
function byTime(readings) {
  return new Map(readings.map((reading) => [seconds(reading.timestamp), reading]));
}

/** @param {number[]} times @returns {number[]} a moment in each gap */
function gapsIn(times) {
  const steps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  return steps.flatMap((step, index) => {
    const usual = usualAt(steps, index);
    return step > GAP_FACTOR * usual ? [(times[index] ?? 0) + usual] : [];
  });
}

/**
 * The median of the steps around one: what was kept by the service is further apart than what comes.
 * @param {number[]} steps
 * @param {number} index
 */
function usualAt(steps, index) {
  const around = [...steps.slice(Math.max(0, index - NEIGHBOURS), index), ...steps.slice(index + 1, index + 1 + NEIGHBOURS)];
  return around.sort((one, other) => one - other)[Math.floor(around.length / 2)] ?? Infinity;
}
