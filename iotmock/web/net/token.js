// The service's API_TOKEN, where it has one: asked for once, forgotten with the tab.

import { store } from "../store.js";

const KEY = "iotmock-token";

/** @typedef {{ wrong: boolean, give: (token: string) => void }} Question */

/** @type {import("../store.js").Store<Question | null>} */
export const question = store(/** @type {Question | null} */ (null));

/** @type {Promise<void> | null} */
let answer = null;

/** @returns {Record<string, string>} what shows the token, in a request's headers */
export function tokenHeaders() {
  const token = sessionStorage.getItem(KEY);
  return token ? { Authorization: `Bearer ${token}` } : {};
}

/**
 * Wait until somebody has typed a token; all that wait share one question.
 * @param {Record<string, string>} refused the headers that were not enough
 * @returns {Promise<void>}
 */
export function askToken(refused) {
  if (refused.Authorization !== tokenHeaders().Authorization) return Promise.resolve();
  answer ??= new Promise((resolve) => {
    const give = (/** @type {string} */ token) => {
      sessionStorage.setItem(KEY, token.trim());
      question.set(null);
      answer = null;
      resolve();
    };
    question.set({ wrong: "Authorization" in refused, give });
  });
  return answer;
}
