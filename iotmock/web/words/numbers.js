// Numbers with their units, as people read them. Units are the service's: kW, V, A, kWh, s.

const NONE = "–";
/** @type {Map<number, Intl.NumberFormat>} */
const FORMATS = new Map();

/**
 * @param {number} digits after the point
 */
function format(digits) {
  let found = FORMATS.get(digits);
  if (!found) {
    const exact = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    found = new Intl.NumberFormat("en-GB", exact);
    FORMATS.set(digits, found);
  }
  return found;
}

/**
 * A measured number: three digits that say something.
 * @param {number | null | undefined} value
 * @returns {string}
 */
export function measured(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return NONE;
  const size = Math.abs(value);
  const digits = size >= 100 || size === 0 ? 0 : size >= 10 ? 1 : 2;
  return format(digits).format(value).replace("-", "−");
}

/**
 * A measured number with its unit.
 * @param {number | null | undefined} value
 * @param {string} unit
 */
export function withUnit(value, unit) {
  const text = measured(value);
  return text === NONE ? NONE : `${text} ${unit}`;
}

/**
 * A count.
 * @param {number | null | undefined} value
 */
export function count(value) {
  return value === null || value === undefined ? NONE : format(0).format(value);
}

/**
 * A count and what is counted: "1 device", "3 devices".
 * @param {number} value
 * @param {string} one
 * @param {string} [many]
 */
export function counted(value, one, many = `${one}s`) {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/**
 * A number that somebody has chosen, as it was: "0.5", "3,600".
 * @param {number} value
 */
export function exact(value) {
  return new Intl.NumberFormat("en-GB", { maximumFractionDigits: 6 }).format(value);
}

/**
 * A length of time in s, in the two largest units that it has.
 * @param {number} seconds
 */
export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [
    [Math.floor(whole / 86_400), "d"],
    [Math.floor(whole / 3_600) % 24, "h"],
    [Math.floor(whole / 60) % 60, "min"],
    [whole % 60, "s"],
  ];
  const first = parts.findIndex(([value]) => value);
  if (first < 0) return "0 s";
  const shown = parts.slice(first, first + 2).filter(([value]) => value);
  return shown.map(([value, unit]) => `${value} ${unit}`).join(" ");
}
