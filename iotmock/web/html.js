// Markup as a tagged template: html`<p>${text}</p>`. Whatever is put in is text, never markup.

import htm from "htm";
import { h } from "preact";

/** @type {(strings: TemplateStringsArray, ...values: any[]) => import("preact").VNode<any>} */
export const html = /** @type {any} */ (htm.bind(/** @type {any} */ (h)));
