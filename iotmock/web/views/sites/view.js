// Sites: the locations that have a main meter, with what passes it and how their grid is.

import { html } from "../../html.js";
import { useAnswer } from "../../net/use.js";
import { Pager } from "../../parts/pager.js";
import { Answered, Empty } from "../../parts/states.js";
import { Typed } from "../../parts/typed.js";
import { go } from "../../route/place.js";
import { counted } from "../../words/numbers.js";
import { Table } from "./table.js";

const REFRESH_MS = 5_000;
const PAGE = 50;

/** @param {{ place: import("../../route/address.js").Place }} props */
export function SitesView({ place: { query } }) {
  const offset = Number(query.offset ?? 0);
  const found = useAnswer(`api/v1/locations?${asked(query)}`, REFRESH_MS);
  const set = (/** @type {Record<string, any>} */ more, replace = false) =>
    go(["sites"], { ...query, offset: undefined, ...more }, { replace });
  return html`<div class="row title">
      <h1>Sites</h1>
      <span class="soft" role="status">${found.data && counted(found.data.total, "site")}</span>
    </div>
    <form class="filters" role="search" aria-label="Sites" onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
      <${Typed} name="name" label="Location has in it" value=${query.name ?? ""} set=${set} />
    </form>
    <${Answered} of=${found} what="the sites">
      ${(/** @type {any} */ { locations, total }) =>
        total === 0
          ? html`<${None} name=${query.name} />`
          : html`<${Table} locations=${locations} />
              <${Pager} total=${total} limit=${PAGE} offset=${offset} turn=${(/** @type {number} */ to) => set({ offset: to || undefined })} />`}
    <//>`;
}

/**
 * @param {Record<string, string>} query of the address
 * @returns {string} a query of REST
 */
function asked({ name, offset = "0" }) {
  const said = new URLSearchParams({ limit: String(PAGE), offset });
  if (name) said.set("name", name);
  return said.toString();
}

/** @param {{ name?: string }} props */
function None({ name }) {
  if (name) return html`<${Empty} title="No site is called that."><p><a href="#/sites">Show all sites</a></p><//>`;
  return html`<${Empty} title="There is no site yet.">
    <p>A site is a location with a main meter. <code>iotmock serve --sites home=20</code> makes twenty.</p>
  <//>`;
}
