// GET /api/v1/stream for as long as somebody looks, begun again after every end.

import { ApiError, ask } from "./api.js";
import { EventReader } from "./events.js";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;
const LONGEST_SILENCE_MS = 45_000;

/** @typedef {"connecting" | "live" | "offline"} LinkState */

/**
 * @typedef {object} Listener
 * @property {(event: string, data: any) => void} hear
 * @property {(state: LinkState, reason?: string) => void} [link]
 */

/**
 * Listen until the returned function is called.
 * @param {string} query as "kind=summary&device_id=x"
 * @param {Listener} listener
 * @returns {() => void}
 */
export function listen(query, listener) {
  const end = new AbortController();
  void keepOn(query, listener, end.signal);
  return () => end.abort();
}

/**
 * @param {string} query
 * @param {Listener} listener
 * @param {AbortSignal} ended
 */
async function keepOn(query, listener, ended) {
  let wait = FIRST_WAIT_MS;
  let last = "";
  const heard = (/** @type {string} */ id) => {
    wait = FIRST_WAIT_MS;
    last = id || last;
  };
  while (!ended.aborted) {
    const reason = await once(query, listener, ended, last, heard);
    if (ended.aborted) return;
    listener.link?.("offline", reason);
    await pause(wait, ended);
    wait = Math.min(2 * wait, LONGEST_WAIT_MS);
  }
}

/**
 * Follow the stream to its end.
 * @param {string} query
 * @param {Listener} listener
 * @param {AbortSignal} ended
 * @param {string} last
 * @param {(id: string) => void} heard
 * @returns {Promise<string>} why it ended
 */
async function once(query, listener, ended, last, heard) {
  const silence = new AbortController();
  const signal = AbortSignal.any([ended, silence.signal]);
  let timer = 0;
  const alive = () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => silence.abort(), LONGEST_SILENCE_MS);
  };
  try {
    alive();
    /** @type {Record<string, string>} */
    const headers = { Accept: "text/event-stream" };
    if (last) headers["Last-Event-ID"] = last;
    const response = await ask(`api/v1/stream?${query}`, { signal, headers });
    if (!response.ok || !response.body) return `the service answered ${response.status}`;
    listener.link?.("live");
    const reader = new EventReader();
    for await (const text of texts(response.body)) {
      alive();
      for (const event of reader.read(text)) {
        heard(event.id);
        listener.hear(event.event, JSON.parse(event.data));
      }
    }
    return "the service ended the stream";
  } catch (error) {
    return error instanceof ApiError ? error.message : "the service was silent for too long";
  } finally {
    clearTimeout(timer);
  }
}

/** @param {ReadableStream<Uint8Array>} body */
async function* texts(body) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield decoder.decode(value, { stream: true });
  }
}

/**
 * @param {number} ms
 * @param {AbortSignal} ended
 * @returns {Promise<void>}
 */
function pause(ms, ended) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    ended.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
