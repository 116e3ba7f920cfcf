// Where the page begins: it draws the shell of a service, or of a run of a soak.

import { render } from "preact";

import { html } from "./html.js";
import { begin } from "./live/live.js";
import { keepRecent } from "./live/recent.js";
import { Run } from "./run/run.js";
import { Shell } from "./shell/shell.js";

const page = document.getElementById("page");
if (page) {
  page.replaceChildren();
  const isRun = page.dataset.of === "soak";
  render(html`<${isRun ? Run : Shell} />`, page);
  if (!isRun) {
    keepRecent();
    begin();
  }
}
