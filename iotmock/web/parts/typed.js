// A filter that is typed: what it says stands in the address a moment after the last key.

import { useEffect, useRef, useState } from "preact/hooks";

import { html } from "../html.js";

const PATIENCE_MS = 300;

/** @param {{ name: string, label: string, value: string, set: (more: any, replace?: boolean) => void }} props */
export function Typed({ name, label, value, set }) {
  const [text, setText] = useState(value);
  const timer = useRef(0);
  const latest = useRef(set);
  latest.current = set;
  useEffect(() => setText(value), [value]);
  const type = (/** @type {any} */ event) => {
    const typed = event.target.value;
    setText(typed);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => latest.current({ [name]: typed }, true), PATIENCE_MS);
  };
  return html`<div>
    <label for=${`filter-${name}`}>${label}</label>
    <input id=${`filter-${name}`} type="search" autocomplete="off" value=${text} onInput=${type} />
  </div>`;
}
