// From the address to what the service is asked: GET /api/v1/devices.

export const PAGE = 50;
const FILTERS = ["device_type", "status", "location", "name", "id_prefix", "sort"];

/**
 * @param {Record<string, string>} query of the address
 * @returns {string} a query of REST
 */
export function listing(query) {
  const asked = new URLSearchParams({ limit: String(PAGE), offset: query.offset ?? "0" });
  for (const name of FILTERS) {
    if (query[name]) asked.set(name, query[name]);
  }
  return asked.toString();
}

/**
 * The order after a click on a column: upwards, downwards, as they were made.
 * @param {string | undefined} sort
 * @param {string} column
 * @returns {string | undefined}
 */
export function nextSort(sort, column) {
  if (sort === column) return `-${column}`;
  return sort === `-${column}` ? undefined : column;
}
