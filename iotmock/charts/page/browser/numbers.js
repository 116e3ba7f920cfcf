// Numbers for people.

/**
 * Return a number for people: so many digits count, thousands are grouped.
 * @param {number} value
 * @param {number} digits
 */
export function figure(value, digits) {
  return value.toLocaleString("en", { maximumSignificantDigits: digits });
}
