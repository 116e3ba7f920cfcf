// The run as it stands, asked for once a second until it has ended: only what is new comes.

import { useEffect, useState } from "preact/hooks";

import { call } from "../net/api.js";

const EVERY_MS = 1_000;
const MOST = 3_600;
const GONE_AFTER = 3;

/** @typedef {Record<string, any> & { t: number }} Sample */
/**
 * @typedef {object} SoakRun
 * @property {string} name
 * @property {number} length_s
 * @property {string} folder
 * @property {{ at: number, label: string }[]} planned
 * @property {Sample[]} samples
 * @property {{ t: number, kind: string, text: string, until?: number | null }[]} events
 * @property {any[]} thresholds
 * @property {any[]} worst_devices
 * @property {Ended | null} ended
 */
/** @typedef {{ status: string, says: string, reasons: string[], report: string | null, not_written: string | null }} Ended */

/** @returns {{ run: SoakRun | null, gone: boolean }} */
export function useRun() {
  const [run, setRun] = useState(/** @type {SoakRun | null} */ (null));
  const [missed, setMissed] = useState(0);
  useEffect(() => {
    let timer = 0;
    let ended = false;
    /** @type {Sample[]} */
    let samples = [];
    const look = async () => {
      try {
        const told = await call(`api/v1/soak?since=${samples.at(-1)?.t ?? -1}`);
        samples = [...samples, ...told.samples].slice(-MOST);
        setRun({ ...told, samples });
        setMissed(0);
        ended ||= told.ended !== null;
      } catch {
        setMissed((was) => was + 1);
      }
      if (!ended) timer = window.setTimeout(look, EVERY_MS);
    };
    void look();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, []);
  return { run, gone: missed >= GONE_AFTER };
}
