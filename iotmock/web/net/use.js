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
    let timer = 0;
    // The next question waits for this answer, however long it takes.
    const done = (/** @type {(was: any) => any} */ next) => {
      if (end.signal.aborted) return;
      setState(next);
      if (everyMs) timer = window.setTimeout(() => setTurn((was) => was + 1), everyMs);
    };
    call(path, { signal: end.signal }).then(
      (data) => done(() => ({ of: path, data, error: null })),
      (error) => done((was) => ({ ...was, of: path, error })),
    );
    return () => (clearTimeout(timer), end.abort());
  }, [path, turn, everyMs]);
  const again = useCallback(() => setTurn((was) => was + 1), []);
  return { data: state.data, error: state.error, loading: state.of !== path, again };
}
