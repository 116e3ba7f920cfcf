// Moments: the service says UTC (RFC 3339), and so does the page.

const TIME = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone: "UTC" });
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const DATE = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});

/**
 * @param {string | null | undefined} moment
 * @returns {number} seconds since 1970, NaN where there is none
 */
export function seconds(moment) {
  return moment ? Date.parse(moment) / 1000 : NaN;
}

/**
 * The time of day alone: "16:30:00".
 * @param {string | number} moment RFC 3339, or seconds since 1970
 */
export function clock(moment) {
  return TIME.format(dateOf(moment));
}

/**
 * Day and time: "9 Aug 16:30:00 UTC"; with the year where it is not this one.
 * @param {string | number | null | undefined} moment
 */
export function stamp(moment) {
  if (moment === null || moment === undefined || moment === "") return "–";
  const date = dateOf(moment);
  const sameYear = date.getUTCFullYear() === new Date().getUTCFullYear();
  return `${(sameYear ? DAY : DATE).format(date)} ${TIME.format(date)} UTC`;
}

/** @param {string | number} moment */
function dateOf(moment) {
  return new Date(typeof moment === "number" ? moment * 1000 : moment);
}

/**
 * "9 Aug 00:00", without the year: a tick of an axis.
 * @param {number} time s since 1970
 */
export function dayAndTime(time) {
  return `${DAY.format(dateOf(time))} ${clock(time).slice(0, -3)}`;
}
