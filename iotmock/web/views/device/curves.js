// Power, voltage, current and energy: as they come, the coming day behind, faults as bands.

import { useMemo } from "preact/hooks";

import { pen } from "../../chart/palette.js";
import { Plot } from "../../chart/plot.js";
import { html } from "../../html.js";
import { Card } from "../../parts/card.js";
import { Empty } from "../../parts/states.js";
import { Switch } from "../../parts/switch.js";
import { go } from "../../route/place.js";
import { seconds } from "../../words/moments.js";
import { useBefore } from "./before.js";
import { besides, merged } from "./merged.js";
import { usePreview } from "./preview.js";
import { marksOf } from "./marks.js";

const QUANTITIES = /** @type {const} */ ([
  ["power", "Power", "kW", 0, true],
  ["voltage", "Voltage", "V", 1, false],
  ["current", "Current", "A", 2, true],
  ["energy", "Energy", "kWh", 3, false],
]);
const GHOST = { colour: "--line-ghost", dash: [3, 3], width: 1.5 };
const AHEAD_S = 120;

/**
 * @param {{ id: string, live: import("../../live/readings.js").Reading[], faults: any[],
 *   day: boolean }} props
 */
export function Curves({ id, live, faults, day }) {
  const readings = useBefore(id, live);
  const preview = usePreview(id, day);
  const all = useMemo(() => merged(readings, day ? preview : besides(readings, preview, AHEAD_S)), [readings, preview, day]);
  const marks = useMemo(() => marksOf(faults, all.x, lastOf(readings) ?? all.x[0]), [faults, all]);
  const choose = (/** @type {string} */ span) => go(["devices", id], { span: span === "day" ? span : undefined });
  const note = html`<${Switch} label="Time" of=${{ live: "live", day: "coming day" }} value=${day ? "day" : "live"} choose=${choose} />`;
  return html`<${Card} title="Curves" note=${note}>
    ${all.x.length < 2 ? html`<${Empty} title="The curves begin with the next reading." />` : html`<div class="curves">${QUANTITIES.map((one) => html`<${Curve} key=${`${one[0]} ${day}`} of=${one} all=${all} marks=${marks} />`)}</div>`}
    ${marks.length > 0 && html`<p class="hint">Bands: ${[...new Set(marks.map(({ label }) => label))].join(", ")} (faults of the ledger)</p>`}
  <//>`;
}

/** @param {import("./merged.js").Reading[]} readings */
function lastOf(readings) {
  const last = readings.at(-1);
  return last && seconds(last.timestamp);
}

/** @param {{ of: (typeof QUANTITIES)[number], all: import("./merged.js").Merged, marks: any[] }} props */
function Curve({ of: [name, title, unit, index, zero], all, marks }) {
  const lines = useMemo(() => {
    const { now, coming } = all.of(name);
    return [
      { label: "expected", unit, values: coming, pen: GHOST, aside: true },
      { label: title.toLowerCase(), unit, values: now, pen: { ...pen(index), dash: [] } },
    ];
  }, [all]);
  return html`<div><h3>${title}</h3>
    <${Plot} title=${title} unit=${unit} x=${all.x} lines=${lines} marks=${marks} zero=${zero} height=${190} />
  </div>`;
}
