"""The constants of one air conditioner and of the room it serves."""

from attrs import frozen

from iotmock.model.numbers.by_step import ByStep
from iotmock.model.numbers.shared import shared
from iotmock.model.numbers.traits import Traits
from iotmock.model.parts.climate.masses import follow_of, mass_of
from iotmock.model.parts.climate.schedule import Schedule
from iotmock.model.parts.thermostat import ThermalMass

TO_STRUCTURE, INDOORS = 0.65, 0.9
"""The share of the air's exchange that goes to the structure, not outdoors; of the structure's that
which goes to the air."""
AT_ONCE = 1.0 - TO_STRUCTURE * INDOORS
"""What the air shows of a gain before the structure follows / in the long run."""


@frozen
class Kind:
    """What is usual for one kind of machine. Temperatures in K, powers / base power, times in s.

    Two thermal nodes: the air, which the machine cycles, and behind it the structure (walls,
    floors), which takes half a day to follow. `gain_k` and `sun_k` are how much warmer than
    outdoors people and sun would make the room in the long run without a machine; `pull_k` how much
    cooler the machine would, at 35 °C outdoors (warmer, at 0 °C). `modulating` is the share of
    machines with an inverter, `ventilating` of those whose fan runs while the room is in use,
    `home` of those in homes.

    Source: two nodes after VDI 6007-1, with capacities of ISO 13790, table 12 (light to medium:
    the building as a whole cools with 20 to 40 h); AHRI 210/240 rating tables for the compressor.
    Gains and setbacks are judgement, chosen within what offices have so that the bands hold in
    every month.
    """

    air_tau_s: float
    structure_tau_s: float
    compressor: float
    fan: float
    standby: float
    gain_k: float
    sun_k: float
    pull_k: float
    setback_k: float
    heat_setback_k: float
    modulating: float
    ventilating: float
    home: float = 0.0


ROOFTOP = Kind(
    air_tau_s=0.8 * 3600.0,
    structure_tau_s=16.0 * 3600.0,
    compressor=0.81,
    fan=0.18,
    standby=0.012,
    gain_k=19.0,
    sun_k=4.0,
    pull_k=25.0,
    setback_k=5.0,
    heat_setback_k=12.0,
    modulating=0.0,
    ventilating=1.0,
)
SPLIT = Kind(
    air_tau_s=0.83 * 3600.0,
    structure_tau_s=12.0 * 3600.0,
    compressor=0.94,
    fan=0.04,
    standby=0.004,
    gain_k=10.0,
    sun_k=5.0,
    pull_k=28.0,
    setback_k=5.0,
    heat_setback_k=8.0,
    modulating=0.8,
    ventilating=0.0,
    home=0.5,
)


@frozen(eq=False, weakref_slot=False)
class Machine:
    """One machine and its room, for life; fields as in `Kind`.

    `least` is the lowest speed of the compressor /
    full speed, `ventilates` what the fan draws for fresh air alone / `fan`, `crankcase` what keeps
    its oil warm while it rests, `ripple` how unsteadily it runs, `power_factor` that of full load.

    Source: four in ten rooftop units are a quarter too large, one in ten by half (Felts and Bailey,
    "The state of affairs: packaged cooling equipment in California", ACEEE 2000); fans that run
    while nobody is there after Jacobs et al. (CEC 500-03-082, 2003); two-speed fans, which need a
    third of the power for fresh air alone, after ASHRAE 90.1-2010, 6.4.3.10; crankcase heaters of
    40 to 100 W after US DOE's test procedure for standby; lock-out times of thermostats and boards
    are 3 to 5 min.
    """

    air: ThermalMass
    follow: ByStep[float]
    schedule: Schedule
    compressor: float
    fan: float
    standby: float
    crankcase: float
    gain_k: float
    sun_k: float
    pull_k: float
    least: float
    ventilates: float
    by_night: bool
    ripple: float
    power_factor: float

    @classmethod
    def drawn(cls, traits: Traits, kind: Kind) -> "Machine":
        """Return one machine of a kind."""
        air = mass_of(
            traits.times(kind.air_tau_s, 0.15),
            traits.about(0.6, 0.12, 0.35, 0.9),
            traits.about(180.0, 30.0, 180.0, 300.0),
            traits.about(300.0, 40.0, 300.0, 420.0),
        )
        return cls(
            air,
            follow_of(traits.times(kind.structure_tau_s, 0.25)),
            Schedule.drawn(traits, kind.setback_k, kind.heat_setback_k),
            compressor=shared(kind.compressor * traits.about(1.0, 0.05, 0.85, 1.1)),
            fan=traits.times(kind.fan, 0.15),
            standby=traits.times(kind.standby, 0.35),
            crankcase=traits.times(0.008, 0.4) if traits.among(0.5) else 0.0,
            gain_k=traits.times(kind.gain_k, 0.1),
            sun_k=traits.times(kind.sun_k, 0.35),
            pull_k=traits.times(kind.pull_k, 0.12),
            least=traits.about(0.3, 0.06, 0.18, 0.5) if traits.is_one(kind.modulating) else 1.0,
            ventilates=_ventilation(traits, kind),
            by_night=traits.among(0.06),
            ripple=shared(traits.spread * traits.times(0.012, 0.3)),
            power_factor=traits.about(0.96, 0.02, 0.88, 0.99),
        )

    def __deepcopy__(self, memo: object) -> "Machine":
        """Return itself: it never changes."""
        return self


def _ventilation(traits: Traits, kind: Kind) -> float:
    if not traits.is_one(kind.ventilating):
        return 0.0
    return traits.about(0.35, 0.08, 0.2, 0.5) if traits.among(0.35) else 1.0
