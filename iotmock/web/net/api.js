// Requests to the service that the page came from, under whatever path a proxy serves it.

import { askToken, tokenHeaders } from "./token.js";

const BASE = new URL(".", location.href.split("#")[0]);

/** @typedef {{ field: string, message: string }} FieldFault */

/** What the service refused, and why (RFC 9457); status 0 when it could not be reached. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} detail
   * @param {FieldFault[]} [faults]
   */
  constructor(status, detail, faults = []) {
    super(detail);
    this.status = status;
    this.faults = faults;
  }
}

/**
 * @typedef {object} Asked
 * @property {string} [method]
 * @property {unknown} [body] sent as JSON
 * @property {AbortSignal} [signal]
 * @property {Record<string, string>} [headers]
 */

/**
 * Ask, and ask for the token where there is one.
 * @param {string} path below the service, as "api/v1/devices"
 * @param {Asked} [asked]
 * @returns {Promise<Response>} whatever its status, but never 401
 * @throws {ApiError} the service can not be reached
 */
export async function ask(path, asked = {}) {
  const shown = tokenHeaders();
  const response = await reach(path, asked, shown);
  if (response.status !== 401) return response;
  await askToken(shown);
  return ask(path, asked);
}

/**
 * Ask for JSON.
 * @param {string} path
 * @param {Asked} [asked]
 * @returns {Promise<any>} the answer, null where it is empty
 * @throws {ApiError} it was refused, or the service can not be reached
 */
export async function call(path, asked = {}) {
  const response = await ask(path, asked);
  const text = await response.text();
  if (response.ok) return text ? JSON.parse(text) : null;
  throw refusal(response.status, text);
}

/**
 * @param {string} path
 * @param {Asked} asked
 * @param {Record<string, string>} shown
 */
async function reach(path, { method = "GET", body, signal, headers }, shown) {
  /** @type {Record<string, string>} */
  const json = body === undefined ? {} : { "Content-Type": "application/json" };
  const said = { Accept: "application/json", ...json, ...shown, ...headers };
  const init = { method, signal: signal ?? null, headers: said };
  try {
    return await fetch(new URL(path, BASE), body === undefined ? init : { ...init, body: JSON.stringify(body) });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, "the service does not answer");
  }
}

/**
 * @param {number} status
 * @param {string} text
 */
function refusal(status, text) {
  try {
    const problem = JSON.parse(text);
    return new ApiError(status, problem.detail ?? problem.title, problem.errors);
  } catch {
    return new ApiError(status, `the service answered ${status}`);
  }
}
