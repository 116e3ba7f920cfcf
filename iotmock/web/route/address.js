// What the address says after its #: where one is, and how the view is set. It is relative to
// nothing, so it is right under any path of a proxy, and no path of REST can collide with it.

/**
 * @typedef {object} Place
 * @property {string[]} path as ["devices", "mock-hvac-001"]
 * @property {Record<string, string>} query
 */

/**
 * @param {string} hash as "#/devices/mock-hvac-001?tab=faults"
 * @returns {Place}
 */
export function parse(hash) {
  const [path = "", query = ""] = hash.replace(/^#?\/?/, "").split("?", 2);
  const parts = path.split("/").filter(Boolean).map(decoded);
  return { path: parts, query: Object.fromEntries(new URLSearchParams(query)) };
}

/**
 * @param {string[]} path
 * @param {Record<string, string | number | undefined>} [query] what is empty is left out
 * @returns {string} an address that `parse` reads
 */
export function address(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const said = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return `#/${path.map(encodeURIComponent).join("/")}${said && `?${said}`}`;
}

/** @param {string} part */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
