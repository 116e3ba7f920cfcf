// How a run ended, and its report: the page keeps it, as it outlives what the page came from.

import { useEffect, useState } from "preact/hooks";

import { html } from "../html.js";
import { ask } from "../net/api.js";

/** @param {{ run: import("./follow.js").SoakRun }} props */
export function Verdict({ run: { name, ended } }) {
  if (!ended) return null;
  return html`<section class="card strip verdict" role="status" aria-label="Verdict">
    <p><span class=${`chip ${ended.status}`}><strong>${ended.status}</strong></span> ${ended.says}</p>
    ${ended.reasons.length > 0 && html`<ul class="problems">${ended.reasons.map((reason) => html`<li key=${reason}>${reason}</li>`)}</ul>`}
    ${ended.report ? html`<${Report} name=${name} path=${ended.report} />` : html`<p class="bad">The report could not be written: ${ended.not_written}</p>`}
  </section>`;
}

/** @param {{ name: string, path: string }} props */
function Report({ name, path }) {
  const url = useKept("report.html");
  return html`<div class="row">
    ${url && html`<a class="button" href=${url} download=${`${name}-report.html`}>Save the report</a>`}
    <span class="soft">It is in <code>${path}</code></span>
  </div>`;
}

/**
 * @param {string} path of a file that is soon gone
 * @returns {string | null} where this page has it
 */
function useKept(path) {
  const [url, setUrl] = useState(/** @type {string | null} */ (null));
  useEffect(() => {
    let made = "";
    const keep = async () => {
      const response = await ask(path);
      if (response.ok) setUrl((made = URL.createObjectURL(await response.blob())));
    };
    keep().catch(() => {});
    return () => URL.revokeObjectURL(made);
  }, [path]);
  return url;
}
