// Where the page begins: it draws the shell and begins to listen.

import { render } from "preact";

import { html } from "./html.js";
import { begin } from "./live/live.js";
import { keepRecent } from "./live/recent.js";
import { Shell } from "./shell/shell.js";

const page = document.getElementById("page");
if (page) {
  page.replaceChildren();
  render(html`<${Shell} />`, page);
  keepRecent();
  begin();
}
