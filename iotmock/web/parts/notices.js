// What became of what somebody did: said at the foot of the page, and to screen readers.

import { html } from "../html.js";
import { store, useStore } from "../store.js";

const SHOWN_MS = 6_000;
const MOST = 3;

/** @typedef {{ id: number, text: string, failed: boolean }} Notice */

/** @type {import("../store.js").Store<Notice[]>} */
const notices = store(/** @type {Notice[]} */ ([]));
let next = 0;

/**
 * @param {string} text
 * @param {{ failed?: boolean }} [how]
 */
export function say(text, { failed = false } = {}) {
  const id = next++;
  notices.set([...notices.get(), { id, text, failed }].slice(-MOST));
  setTimeout(() => dismiss(id), failed ? 2 * SHOWN_MS : SHOWN_MS);
}

/**
 * Do something, and say what became of it.
 * @param {string} done
 * @param {() => Promise<unknown>} deed
 * @returns {Promise<boolean>} whether it was done
 */
export async function tell(done, deed) {
  try {
    await deed();
    say(done);
    return true;
  } catch (error) {
    say(/** @type {Error} */ (error).message, { failed: true });
    return false;
  }
}

/** @param {number} id */
function dismiss(id) {
  notices.set(notices.get().filter((notice) => notice.id !== id));
}

export function Notices() {
  const shown = useStore(notices);
  return html`<div class="notices" role="status" aria-live="polite">
    ${shown.map(
      ({ id, text, failed }) =>
        html`<p key=${id} class=${failed ? "notice bad" : "notice"}>
          <span>${failed ? "Failed: " : ""}${text}</span>
          <button type="button" class="quiet" aria-label="Dismiss" onClick=${() => dismiss(id)}>×</button>
        </p>`,
    )}
  </div>`;
}
