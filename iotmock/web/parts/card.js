// A part of a view with its heading.

import { html } from "../html.js";

/** @param {{ title: string, note?: any, class?: string, children?: any }} props */
export function Card({ title, note, class: kind = "", children }) {
  const id = `card-${title.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;
  return html`<section class=${`card ${kind}`} aria-labelledby=${id}>
    <header class="row"><h2 id=${id}>${title}</h2>${note && html`<div class="note">${note}</div>`}</header>
    ${children}
  </section>`;
}

/**
 * A number that is looked at first.
 * @param {{ label: string, value: any, unit?: string, tone?: string, more?: any }} props
 */
export function Figure({ label, value, unit, tone = "", more }) {
  return html`<div class=${`figure ${tone}`}>
    <dt>${label}</dt>
    <dd><span class="number">${value}</span>${unit && html` <span class="unit">${unit}</span>`}
      ${more && html`<span class="more">${more}</span>`}</dd>
  </div>`;
}

/** @param {{ children?: any }} props */
export function Figures({ children }) {
  return html`<dl class="figures">${children}</dl>`;
}
