// Where one is, in views: followed through the address bar, the back button and reloads.

import { store, useStore } from "../store.js";
import { address, parse } from "./address.js";

/** @type {import("../store.js").Store<import("./address.js").Place>} */
const place = store(parse(location.hash));
window.addEventListener("hashchange", () => place.set(parse(location.hash)));

/** The place of now, in a view that follows it. */
export function usePlace() {
  return useStore(place);
}

/**
 * Go somewhere; `replace` leaves no trace for the back button, as while somebody types a filter.
 * @param {string[]} path
 * @param {Record<string, string | number | undefined>} [query]
 * @param {{ replace?: boolean }} [how]
 */
export function go(path, query = {}, { replace = false } = {}) {
  const to = address(path, query);
  if (replace) history.replaceState(null, "", to);
  else location.hash = to;
  place.set(parse(to));
}
