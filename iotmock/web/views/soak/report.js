// The ways to a report: links, or where a token is wanted, which a link can not show, files.

import { html } from "../../html.js";
import { ask } from "../../net/api.js";
import { tokenHeaders } from "../../net/token.js";
import { tell } from "../../parts/notices.js";

const FILES = /** @type {const} */ ([
  ["report.html", "report"],
  ["report.json", "JSON"],
  ["junit.xml", "JUnit"],
]);

/** @param {{ run: string }} props */
export function ReportLinks({ run }) {
  const Way = "Authorization" in tokenHeaders() ? Saving : Opening;
  return html`<span class="row">${FILES.map(([file, word]) => html`<${Way} key=${file} run=${run} file=${file} word=${word} />`)}</span>`;
}

/** @param {{ run: string, file: string, word: string }} props */
function Opening({ run, file, word }) {
  return html`<a href=${pathOf(run, file)} target="_blank" rel="noopener" aria-label=${`Open the ${word} of ${run}`}>${word}</a>`;
}

/** @param {{ run: string, file: string, word: string }} props */
function Saving({ run, file, word }) {
  const save = () => tell(`${file} is saved.`, () => saved(pathOf(run, file), `${run.replaceAll("/", "-")}-${file}`));
  return html`<button type="button" class="small" aria-label=${`Save the ${word} of ${run}`} onClick=${save}>${word}</button>`;
}

/**
 * @param {string} run
 * @param {string} file
 */
function pathOf(run, file) {
  return `reports/${run.split("/").map(encodeURIComponent).join("/")}/${file}`;
}

/**
 * @param {string} path
 * @param {string} name
 */
async function saved(path, name) {
  const response = await ask(path);
  if (!response.ok) throw new Error(`the service answered ${response.status}`);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
