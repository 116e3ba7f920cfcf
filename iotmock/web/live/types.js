// The device types and fault types of the service: they stay as they are while it runs.

import { useEffect, useState } from "preact/hooks";

import { call } from "../net/api.js";

/** @type {Map<string, Promise<any>>} */
const asked = new Map();

/**
 * @param {string} path
 * @param {string} name of the list in the answer
 * @returns {any[] | null} null until it has come
 */
function useOnce(path, name) {
  const [found, setFound] = useState(/** @type {any[] | null} */ (null));
  useEffect(() => {
    let here = true;
    once(path).then((answer) => here && setFound(answer[name]), () => {});
    return () => {
      here = false;
    };
  }, [path]);
  return found;
}

/** @param {string} path */
function once(path) {
  const before = asked.get(path);
  if (before) return before;
  const answer = call(path);
  asked.set(path, answer);
  answer.catch(() => asked.delete(path));
  return answer;
}

export const useDeviceTypes = () => useOnce("api/v1/device-types", "device_types");
export const useFaultTypes = () => useOnce("api/v1/fault-types", "fault_types");
