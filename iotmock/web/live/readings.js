// The readings of some devices as they come, and the last few of each.

import { useEffect, useState } from "preact/hooks";

import { listen } from "../net/stream.js";

const DRAWN_EVERY_MS = 500;

/**
 * @typedef {object} Reading
 * @property {string} device_id
 * @property {string} timestamp
 * @property {number} power
 * @property {number} voltage
 * @property {number} current
 * @property {number} energy
 * @property {string} status
 */

/**
 * @param {string[]} ids
 * @param {number} most how many of each are kept
 * @param {{ kinds?: string, heard?: (event: string) => void }} [more] further kinds of events, and
 *   who hears of them
 * @returns {ReadonlyMap<string, Reading[]>} the oldest first
 */
export function useReadings(ids, most, { kinds = "", heard } = {}) {
  const [kept, setKept] = useState(/** @type {ReadonlyMap<string, Reading[]>} */ (new Map()));
  const of = ids.join(",");
  useEffect(() => {
    if (!of) return undefined;
    /** @type {Map<string, Reading[]>} */
    const readings = new Map();
    let timer = 0;
    const draw = () => {
      timer = 0;
      setKept(new Map(readings));
    };
    const hear = (/** @type {string} */ event, /** @type {any} */ data) => {
      if (event !== "reading") return heard?.(event);
      // A fault can make anything of a message.
      if (typeof data?.power !== "number" || typeof data.device_id !== "string") return undefined;
      readings.set(data.device_id, [...(readings.get(data.device_id) ?? []), data].slice(-most));
      timer ||= window.setTimeout(draw, DRAWN_EVERY_MS);
      return undefined;
    };
    const end = listen(`kind=reading${kinds}&device_id=${encodeURIComponent(of)}`, { hear });
    return () => (clearTimeout(timer), end());
  }, [of, kinds, most]);
  return kept;
}
