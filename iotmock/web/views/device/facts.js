// What the meter shows now, and what the device is.

import { html } from "../../html.js";
import { Figure, Figures } from "../../parts/card.js";
import { address } from "../../route/address.js";
import { stamp } from "../../words/moments.js";
import { exact, measured } from "../../words/numbers.js";

/** @param {{ device: any, reading?: import("../../live/readings.js").Reading }} props */
export function Facts({ device, reading }) {
  const shown = reading ?? device.readings;
  const { phases, power_factor: factor } = device.simulation;
  return html`<section class="card strip" aria-label="Now">
    <${Figures}>
      <${Figure} label="Power" value=${measured(shown.power)} unit="kW" more=${`base power ${exact(device.base_power)} kW`} />
      <${Figure} label="Voltage" value=${measured(shown.voltage)} unit="V" more=${`nominal ${exact(device.base_voltage)} V`} />
      <${Figure} label="Current" value=${measured(shown.current)} unit="A" more=${`${phases === 1 ? "one phase" : `${phases} phases`}, power factor ${exact(factor)}`} />
      <${Figure} label="Energy" value=${measured(shown.energy)} unit="kWh" more="since the meter began" />
      <${Figure} label="Type" value=${device.device_type} more=${device.profile} />
      <${Figure} label="A reading every" value=${exact(device.interval)} unit="s" more=${`last ${stamp(reading?.timestamp ?? device.last_seen)}`} />
      ${device.location && html`<${Figure} label="Location" value=${html`<a href=${address(["devices"], { location: device.location })}>${device.location}</a>`} />`}
    <//>
  </section>`;
}
