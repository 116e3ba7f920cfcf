// What is seen of an axis: closer, further, to the side, as far as there is something.

const LEAST = 1 / 2000;

/** @typedef {{ min: number, max: number }} View */

/**
 * @param {View} view
 * @param {View} whole
 * @param {number} factor how many times as much is to be seen
 * @param {number} at what stays where it is
 */
export function zoomed({ min, max }, whole, factor, at) {
  return within({ min: at - (at - min) * factor, max: at + (max - at) * factor }, whole);
}

/**
 * @param {View} view
 * @param {View} whole
 * @param {number} share of what is seen, to the right
 */
export function moved({ min, max }, whole, share) {
  const step = (max - min) * share;
  return within({ min: min + step, max: max + step }, whole);
}

/**
 * @param {View} view
 * @param {View} whole
 */
export function isAll(view, whole) {
  return view.min <= whole.min && view.max >= whole.max;
}

/**
 * @param {View} view
 * @param {View} whole
 * @returns {View}
 */
export function within({ min, max }, whole) {
  const most = whole.max - whole.min;
  const span = Math.min(most, Math.max(max - min, most * LEAST));
  const begin = Math.min(Math.max(whole.min, min), whole.max - span);
  return { min: begin, max: begin + span };
}
