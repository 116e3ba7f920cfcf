// Labels of times: of a place by its clocks, after a start, of a day.

const DAY = 86400;
const STEPS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200,
  DAY, 2 * DAY, 4 * DAY, 7 * DAY,
];
/** @type {[number, string][]} */
const UNITS = [[DAY, "d"], [3600, "h"], [60, "min"], [1, "s"]];
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = [
  "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
const MOST_NIGHTS = 62;

/**
 * What lies from left to right, in s: the time after a start ("elapsed"), the time of a place
 * ("local": Unix seconds, and from when on its clocks are how far ahead), or a "day".
 * @typedef {{kind: string, low: number, high: number, offsets?: [number, number, string][]}} Axis
 */

/** Return a time after a start in two units at most: 90 is 1 min 30 s. @param {number} seconds */
export function clock(seconds) {
  let left = Math.round(seconds);
  const parts = [];
  for (const [size, unit] of UNITS) {
    if (left >= size) {
      parts.push(`${Math.floor(left / size)} ${unit}`);
      left %= size;
    }
  }
  return parts.slice(0, 2).join(" ") || "0";
}

/**
 * Return where labels are, and what they say.
 * @param {Axis} axis
 * @param {number} low
 * @param {number} high
 * @param {number} wanted
 * @returns {[number, string][]}
 */
export function timeTicks(axis, low, high, wanted) {
  const rough = (high - low) / wanted;
  if (axis.kind === "local" && rough > 14 * DAY) {
    return months(axis, low, high, rough).map((at) => [at, monthText(axis, at)]);
  }
  const step = STEPS.find((some) => some >= rough) ?? Math.ceil(rough / (7 * DAY)) * 7 * DAY;
  return multiples(axis, low, high, step).map((at) => [at, tickText(axis, at, step)]);
}

/**
 * Return where midnights are, or the first days of months where there are many.
 * @param {Axis} axis
 * @param {number} low
 * @param {number} high
 */
export function nights(axis, low, high) {
  if (axis.kind !== "local") return [];
  const few = axis.high - axis.low <= MOST_NIGHTS * DAY;
  return few ? multiples(axis, low, high, DAY) : months(axis, low, high, 0);
}

/** Return a moment for people. @param {Axis} axis @param {number} at */
export function momentText(axis, at) {
  if (axis.kind === "elapsed") return `${clock(at)} after the start`;
  if (axis.kind === "day") return hours(at);
  const date = dateOf(axis, at);
  const seconds = date.getUTCSeconds() ? `:${two(date.getUTCSeconds())}` : "";
  const zone = axis.offsets?.findLast(([from]) => at >= from)?.[2] ?? "";
  return `${dayText(date)} ${date.getUTCFullYear()} ${hours(local(axis, at) % DAY)}${seconds} ${zone}`;
}

/** @param {Axis} axis @param {number} at @param {number} step */
function tickText(axis, at, step) {
  if (axis.kind === "elapsed") return clock(at);
  const own = axis.kind === "day" ? at : local(axis, at);
  if (axis.kind === "local" && (step >= DAY || own % DAY === 0)) return dayText(dateOf(axis, at));
  return step < 60 ? `${hours(own % DAY)}:${two(own % 60)}` : hours(own === DAY ? DAY : own % DAY);
}

/** @param {Axis} axis @param {number} at */
function monthText(axis, at) {
  const date = dateOf(axis, at);
  return `${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** @param {Date} date */
function dayText(date) {
  return `${DAYS[date.getUTCDay()]} ${two(date.getUTCDate())} ${MONTHS[date.getUTCMonth()]}`;
}

/** @param {number} seconds */
function hours(seconds) {
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}`;
}

/** @param {number} value */
function two(value) {
  return String(Math.floor(value)).padStart(2, "0");
}

/** @param {Axis} axis @param {number} low @param {number} high @param {number} step */
function multiples(axis, low, high, step) {
  const found = [];
  for (let own = Math.ceil(local(axis, low) / step) * step; own <= local(axis, high); own += step) {
    const at = moment(axis, own);
    if (at !== null && at >= low && at <= high) found.push(at);
  }
  return found;
}

/** @param {Axis} axis @param {number} low @param {number} high @param {number} rough */
function months(axis, low, high, rough) {
  const every = [1, 2, 3, 6, 12].find((some) => some * 30.5 * DAY >= rough) ?? 12;
  const first = dateOf(axis, low), last = dateOf(axis, high).getUTCFullYear() * 12 + 12;
  const found = [];
  for (let number = first.getUTCFullYear() * 12; number < last; number += every) {
    const at = moment(axis, Date.UTC(Math.floor(number / 12), number % 12, 1) / 1000);
    if (at !== null && at >= low && at <= high) found.push(at);
  }
  return found;
}

/** Return what clocks show, as seconds since 1970 by them. @param {Axis} axis @param {number} at */
function local(axis, at) {
  if (!axis.offsets) return at;
  return at + ((axis.offsets.findLast(([from]) => at >= from) ?? axis.offsets[0])?.[1] ?? 0);
}

/** Return when clocks show that; null if they leave it out. @param {Axis} axis @param {number} own */
function moment(axis, own) {
  if (!axis.offsets) return own;
  for (const [, ahead] of axis.offsets) {
    if (local(axis, own - ahead) === own) return own - ahead;
  }
  return null;
}

/** @param {Axis} axis @param {number} at */
function dateOf(axis, at) {
  return new Date(local(axis, at) * 1000);
}
