// A way to a report: a link, or where a token is wanted, which a link can not show, a file.

import { html } from "../../html.js";
import { ask } from "../../net/api.js";
import { tokenHeaders } from "../../net/token.js";
import { tell } from "../../parts/notices.js";

/** @param {{ run: string }} props */
export function ReportLink({ run }) {
  const path = `reports?run=${encodeURIComponent(run)}`;
  if (!("Authorization" in tokenHeaders())) {
    return html`<a href=${path} target="_blank" rel="noopener" aria-label=${`Open the report of ${run}`}>open</a>`;
  }
  const save = () => tell("The report is saved.", () => saved(path, `${run.replaceAll("/", "-")}.html`));
  return html`<button type="button" class="small" aria-label=${`Save the report of ${run}`} onClick=${save}>Save</button>`;
}

/**
 * @param {string} path
 * @param {string} name
 */
async function saved(path, name) {
  const response = await ask(path);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
