// Power: by family and by location, now and over time.

import { useMemo, useState } from "preact/hooks";

import { pen } from "../../chart/palette.js";
import { Plot } from "../../chart/plot.js";
import { html } from "../../html.js";
import { columnsOf } from "../../live/points.js";
import { Bars } from "../../parts/bars.js";
import { Card } from "../../parts/card.js";
import { Empty } from "../../parts/states.js";
import { Switch } from "../../parts/switch.js";
import { address } from "../../route/address.js";

const MOST_LINES = 7;
const SPANS = { "15m": "last 15 min", "24h": "last 24 h" };
const TOTAL = { colour: "--text", dash: [] };

/** @typedef {import("../../live/points.js").Point} Point */

/**
 * @param {{ told: import("../../live/live.js").Summary, points: Point[], span: string,
 *   choose: (span: string) => void }} props
 */
export function Power({ told, points, span, choose }) {
  const [by, setBy] = useState(/** @type {"families" | "locations"} */ ("families"));
  const lines = useMemo(() => linesOf(points, by), [points, by]);
  const x = useMemo(() => points.map(({ at }) => at), [points]);
  const note = html`<div class="row">
    <${Switch} label="Lines" of=${{ families: "by family", locations: "by location" }} value=${by} choose=${setBy} />
    <${Switch} label="Time" of=${SPANS} value=${span} choose=${choose} />
  </div>`;
  return html`<${Card} title="Power" note=${note}>
      ${
        points.length < 2
          ? html`<${Empty} title="The curves begin in a moment." />`
          : html`<${Plot} key=${span} title="Power of the fleet" unit="kW" x=${x} lines=${lines} height=${260} />`
      }
    <//>
    <${Card} title="Power now by family" class="half">
      <${Bars} what="family" numbers=${told.power.by_family} link=${(/** @type {string} */ name) => address(["devices"], { device_type: name })} />
    <//>
    <${Card} title="Power now by location" class="half">
      <${Bars} what="location" numbers=${told.power.by_location} rest=${told.power.other_locations_w} link=${(/** @type {string} */ name) => name && address(["devices"], { location: name })} />
    <//>`;
}

/**
 * @param {Point[]} points
 * @param {"families" | "locations"} by
 */
function linesOf(points, by) {
  const total = { label: "total", unit: "kW", values: points.map((point) => point.total), pen: TOTAL };
  const parts = columnsOf(points, by, MOST_LINES);
  return [
    total,
    ...parts.map(([name, values], index) => ({ label: name || "(nowhere)", unit: "kW", values, pen: pen(index) })),
  ];
}
