// A summary, reduced to what is drawn: a page that is open for days must not grow.

import { seconds } from "../words/moments.js";

const MOST_LOCATIONS = 12;

/**
 * @typedef {object} Point powers in kW
 * @property {number} at s since 1970, wall clock
 * @property {number} total
 * @property {Record<string, number>} families
 * @property {Record<string, number>} locations the largest
 * @property {number} due messages/s
 * @property {number} sent
 * @property {number} acknowledged
 * @property {number} p50 ms
 * @property {number} p99
 * @property {number} backlog messages
 */

/**
 * @param {import("./live.js").Summary} summary
 * @returns {Point}
 */
export function pointOf({ timestamp, power, messages, lateness_ms, backlog }) {
  return {
    at: seconds(timestamp),
    total: power.total_w / 1000,
    families: inKilowatts(Object.entries(power.by_family)),
    locations: inKilowatts(largest(power.by_location, MOST_LOCATIONS)),
    due: messages.due_per_s,
    sent: messages.sent_per_s,
    acknowledged: messages.acknowledged_per_s,
    p50: lateness_ms.p50,
    p99: lateness_ms.p99,
    backlog,
  };
}

/**
 * What the service remembers, which comes as columns.
 * @param {any} told an answer of GET /api/v1/simulation/history
 * @returns {Point[]}
 */
export function pointsOf({ timestamps, power, messages, lateness_ms: late, backlog }) {
  return timestamps.map((/** @type {string} */ moment, /** @type {number} */ index) => ({
    at: seconds(moment),
    total: power.total_w[index] / 1000,
    families: inKilowatts(row(power.by_family, index)),
    locations: inKilowatts(row(power.by_location, index)),
    due: messages.due_per_s[index],
    sent: messages.sent_per_s[index],
    acknowledged: messages.acknowledged_per_s[index],
    p50: late.p50[index],
    p99: late.p99[index],
    backlog: backlog[index],
  }));
}

/**
 * @param {Record<string, (number | null)[]>} columns
 * @param {number} index
 * @returns {[string, number][]} without those that were not there
 */
function row(columns, index) {
  const all = Object.entries(columns).map(([name, values]) => [name, values[index]]);
  return /** @type {[string, number][]} */ (all.filter(([, value]) => value !== null));
}

/**
 * The largest of some numbers by name, the largest first.
 * @param {Record<string, number>} numbers
 * @param {number} most
 */
export function largest(numbers, most) {
  return Object.entries(numbers)
    .sort(([, one], [, other]) => Math.abs(other) - Math.abs(one))
    .slice(0, most);
}

/**
 * Points with one more, those that are too old or from a clock that was set back left out.
 * @param {Point[]} points
 * @param {Point} more
 * @param {number} kept_s
 */
export function withPoint(points, more, kept_s) {
  const from = more.at - kept_s;
  return [...points.filter(({ at }) => at >= from && at < more.at), more];
}

/**
 * One column per name, null where a point has it not.
 * @param {Point[]} points
 * @param {"families" | "locations"} by
 * @param {number} most
 * @returns {[name: string, values: (number | null)[]][]} the largest last power first
 */
export function columnsOf(points, by, most) {
  const last = points.at(-1);
  const names = last ? largest(last[by], most).map(([name]) => name) : [];
  return names.map((name) => [name, points.map((point) => Object.hasOwn(point[by], name) ? (point[by][name] ?? null) : null)]);
}

/** @param {[string, number][]} watts */
function inKilowatts(watts) {
  return Object.fromEntries(watts.map(([name, value]) => [name, value / 1000]));
}
