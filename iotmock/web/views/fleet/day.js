// The last 24 hours: asked for while they are looked at, a point a minute.

import { useEffect, useState } from "preact/hooks";

import { remembered } from "../../live/recent.js";

const EVERY_MS = 60_000;

/** @typedef {import("../../live/points.js").Point} Point */

/**
 * @param {boolean} wanted
 * @returns {Point[]}
 */
export function useDay(wanted) {
  const [points, setPoints] = useState(/** @type {Point[]} */ ([]));
  useEffect(() => {
    if (!wanted) return undefined;
    const load = () => remembered("24h").then(setPoints, () => {});
    void load();
    const timer = setInterval(load, EVERY_MS);
    return () => clearInterval(timer);
  }, [wanted]);
  return points;
}
