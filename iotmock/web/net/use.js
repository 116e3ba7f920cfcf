// What a view asks the service for: loading, there, or failed; asked again on demand.

import { useCallback, useEffect, useState } from "preact/hooks";

import { call } from "./api.js";

/**
 * @template T
 * @typedef {object} Loaded
 * @property {T | null} data the last answer; it stays while the next is on its way
 * @property {import("./api.js").ApiError | null} error
 * @property {boolean} loading
 * @property {() => void} again
 */

/**
 * Ask for a path, again when it changes, and every `everyMs` while the view is there.
 * @template T
 * @param {string | null} path null asks for nothing
 * @param {number} [everyMs]
 * @returns {Loaded<T>}
 */
export function useAnswer(path, everyMs = 0) {
  const [state, setState] = useState(/** @type {any} */ ({ of: null, data: null, error: null }));
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (path === null) return undefined;
    const end = new AbortController();
    call(path, { signal: end.signal }).then(
      (data) => setState({ of: path, data, error: null }),
      (error) => {
        if (!end.signal.aborted) setState((/** @type {any} */ was) => ({ ...was, of: path, error }));
      },
    );
    const timer = everyMs ? setTimeout(() => setTurn((was) => was + 1), everyMs) : 0;
    return () => (clearTimeout(timer), end.abort());
  }, [path, turn, everyMs]);
  const again = useCallback(() => setTurn((was) => was + 1), []);
  return { data: state.data, error: state.error, loading: state.of !== path, again };
}
