// The reports of soaks that the service finds, and how to watch one that runs.

import { html } from "../../html.js";
import { useAnswer } from "../../net/use.js";
import { Answered, Empty } from "../../parts/states.js";
import { stamp } from "../../words/moments.js";
import { duration } from "../../words/numbers.js";
import { ReportLinks } from "./report.js";

const REFRESH_MS = 10_000;

export function SoakView() {
  const found = useAnswer("api/v1/reports", REFRESH_MS);
  return html`<div class="row title"><h1>Soak</h1></div>
    <p class="soft">A soak is run beside this service: <code>iotmock soak FILE --web 8091</code> shows it as a page while it goes on.</p>
    <${Answered} of=${found} what="the reports">
      ${(/** @type {any} */ { folder, reports }) =>
        reports.length === 0 ? html`<${None} folder=${folder} />` : html`<${Reports} reports=${reports} />`}
    <//>`;
}

/** @param {{ folder: string | null }} props */
function None({ folder }) {
  if (folder) return html`<${Empty} title="There is no report yet."><p>What <code>iotmock soak</code> leaves in <code>${folder}</code> is listed here.</p><//>`;
  return html`<${Empty} title="No reports are listed."><p>Start the service with <code>REPORTS_DIR</code> set to the folder in which <code>iotmock soak</code> leaves its runs.</p><//>`;
}

/** @param {{ reports: any[] }} props */
function Reports({ reports }) {
  return html`<section class="card scroll" aria-label="Reports"><table>
    <caption class="hidden-text">Reports of soaks</caption>
    <thead><tr><th scope="col">Scenario</th><th scope="col">Verdict</th><th scope="col">Started</th>
      <th scope="col" class="num">Length</th><th scope="col">Why</th><th scope="col">Report</th></tr></thead>
    <tbody>${reports.map((one) => html`<tr key=${one.run}>
      <td>${one.scenario}</td>
      <td><span class=${`chip ${one.status}`}>${one.status}</span></td>
      <td>${stamp(one.started)}</td>
      <td class="num">${duration(one.duration_s)}</td>
      <td>${one.reasons.join("; ") || "every threshold was kept"}</td>
      <td><${ReportLinks} run=${one.run} /></td>
    </tr>`)}</tbody>
  </table></section>`;
}
