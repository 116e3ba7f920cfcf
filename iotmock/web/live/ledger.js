// The ledger, the newest first: the service counts from the oldest.

import { useAnswer } from "../net/use.js";

/**
 * @param {Record<string, string | undefined>} filters
 * @param {number} offset how many of the newest to skip
 * @param {number} limit
 * @param {number} everyMs
 * @returns {import("../net/use.js").Loaded<{ faults: any[], total: number }>}
 */
export function useLedger(filters, offset, limit, everyMs) {
  const given = Object.entries(filters).filter(([, value]) => value);
  const asked = new URLSearchParams(/** @type {[string, string][]} */ (given)).toString();
  const counted = useAnswer(`api/v1/faults?${asked}&limit=1`, everyMs);
  const total = counted.data?.total;
  const page = window(total ?? 0, offset, limit);
  const path = `api/v1/faults?${asked}&limit=${page.limit}&offset=${page.offset}`;
  const found = useAnswer(total === undefined ? null : path, everyMs);
  const again = () => (counted.again(), found.again());
  const data = found.data && { ...found.data, faults: found.data.faults.toReversed() };
  return { ...found, data, again, error: found.error ?? counted.error };
}

/**
 * From a page counted from the newest to one counted from the oldest.
 * @param {number} total
 * @param {number} offset
 * @param {number} limit
 */
export function window(total, offset, limit) {
  const end = Math.max(0, total - offset);
  const begin = Math.max(0, end - limit);
  return { offset: begin, limit: Math.max(1, end - begin) };
}
