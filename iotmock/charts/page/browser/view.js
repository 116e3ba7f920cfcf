// What is seen of an axis, in all charts of a group.

const LEAST = 1 / 2000;

/** What is seen of an axis, and the moment that is pointed at, for all charts of a group. */
export class View {
  /** @param {number} low @param {number} high */
  constructor(low, high) {
    /** @type {[number, number]} */
    this.whole = [low, high];
    this.low = low;
    this.high = high;
    /** @type {number | null} */
    this.at = null;
    /** @type {(() => void)[]} */
    this.seen = [];
    /** @type {((chart: unknown) => void)[]} */
    this.pointed = [];
  }

  get isWhole() {
    return this.low === this.whole[0] && this.high === this.whole[1];
  }

  /** Show from one moment to another, as far as there is something. @param {number} low @param {number} high */
  look(low, high) {
    const [first, last] = this.whole;
    const span = Math.min(last - first, Math.max(high - low, (last - first) * LEAST));
    this.low = Math.min(Math.max(first, low), last - span);
    this.high = this.low + span;
    this.seen.forEach((tell) => tell());
  }

  /** Show so many times as much, with a moment left where it is. @param {number} factor @param {number} at */
  zoom(factor, at) {
    this.look(at - (at - this.low) * factor, at + (this.high - at) * factor);
  }

  /** Go to the side by a share of what is seen. @param {number} share */
  move(share) {
    const step = (this.high - this.low) * share;
    this.look(this.low + step, this.high + step);
  }

  all() {
    this.look(...this.whole);
  }

  /**
   * Point at a moment, in one of the charts; null: at none.
   * @param {number | null} at
   * @param {unknown} chart
   */
  point(at, chart = null) {
    this.at = at;
    this.pointed.forEach((tell) => tell(chart));
  }
}
