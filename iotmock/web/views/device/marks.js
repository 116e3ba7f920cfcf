// Faults of the ledger as bands behind curves.

import { seconds } from "../../words/moments.js";

/**
 * @param {any[]} faults
 * @param {number[]} x what is shown, s since 1970
 * @param {number} [now] of the last reading: so far goes what has no end yet
 * @returns {import("../../chart/options.js").Mark[]} those that are in it
 */
export function marksOf(faults, x, now = x.at(-1)) {
  const from = x[0] ?? 0;
  const to = x.at(-1) ?? 0;
  return faults
    .map(({ fault, begin, end }) => ({ label: fault, begin: seconds(begin), end: end ? seconds(end) : (now ?? to) }))
    .filter((mark) => mark.end >= from && mark.begin <= to);
}
