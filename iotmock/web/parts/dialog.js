// A question before the page. The browser's own dialog holds the focus and closes with Escape.

import { useEffect, useRef } from "preact/hooks";

import { html } from "../html.js";

/**
 * @param {{ title: string, close?: () => void, children?: any }} props without `close` it has to
 *   be answered
 */
export function Dialog({ title, close, children }) {
  const ref = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => {
    const dialog = ref.current;
    const before = /** @type {HTMLElement | null} */ (document.activeElement);
    dialog?.showModal();
    const end = dialog ? focusFirst(dialog) : () => {};
    return () => {
      end();
      dialog?.close();
      before?.focus?.();
    };
  }, []);
  const cancel = (/** @type {Event} */ event) => {
    event.preventDefault();
    close?.();
  };
  return html`<dialog ref=${ref} aria-label=${title} onCancel=${cancel}>
    <header class="row">
      <h2>${title}</h2>
      ${close &&
      html`<button type="button" class="quiet" aria-label="Close" onClick=${close}>×</button>`}
    </header>
    ${children}
  </dialog>`;
}

/**
 * Give the focus to the first field, which may be on its way.
 * @param {HTMLDialogElement} dialog
 * @returns {() => void} ends to wait for it
 */
function focusFirst(dialog) {
  const watch = new MutationObserver(() => focus());
  const focus = () => {
    const field = /** @type {HTMLElement | null} */ (dialog.querySelector("input, select, textarea"));
    if (!field) return;
    watch.disconnect();
    field.focus();
  };
  watch.observe(dialog, { childList: true, subtree: true });
  focus();
  return () => watch.disconnect();
}

/**
 * Ask before something that can not be undone.
 * @param {{ title: string, deed: string, act: () => void, close: () => void, children?: any }} props
 */
export function Confirm({ title, deed, act, close, children }) {
  return html`<${Dialog} title=${title} close=${close}>
    ${children}
    <div class="row actions">
      <button type="button" onClick=${close}>Cancel</button>
      <button type="button" class="danger" onClick=${act}>${deed}</button>
    </div>
  <//>`;
}
