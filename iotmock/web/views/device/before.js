// What the device showed before somebody looked: the service keeps a quarter of an hour.

import { useMemo } from "preact/hooks";

import { useAnswer } from "../../net/use.js";
import { joined } from "./merged.js";

/** @typedef {import("./merged.js").Reading} Reading */

/**
 * @param {string} id
 * @param {Reading[]} readings as they come
 * @returns {Reading[]} with those before them
 */
export function useBefore(id, readings) {
  const { data } = useAnswer(`api/v1/devices/${encodeURIComponent(id)}/history`);
  return useMemo(() => joined(data?.readings ?? [], readings), [data, readings]);
}
