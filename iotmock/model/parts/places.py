"""Where appliances stand, with what is in them. Data only; powers in kW, times in s."""

from attrs import frozen

from iotmock.model.parts.programs import Program, Programs
from iotmock.model.parts.thermostat import ThermalMass

_MINUTE = 60.0

# Step powers and lengths after the tracebase data set (Reinhardt et al., 2012), rates: judgement.
DISHWASHER = Program(
    "dishwasher",
    per_h=0.3,
    steps=(
        (0.05, 5 * _MINUTE),
        (2.1, 14 * _MINUTE),
        (0.08, 13 * _MINUTE),
        (2.1, 14 * _MINUTE),
        (0.03, 18 * _MINUTE),
    ),
)
OVEN = Program(
    "oven", per_h=0.45, steps=((3.2, 11 * _MINUTE), *(((0.06, 270.0), (3.2, 150.0)) * 4))
)
COFFEE = Program("coffee", per_h=3.0, steps=((1.5, 60.0), (0.017, 30.0), (1.5, 40.0)))
KETTLE = Program("kettle", per_h=2.0, steps=((1.9, 162.0),))
MICROWAVE = Program("microwave", per_h=2.5, steps=((1.4, 48.0),))
WASHER = Program(
    "washer",
    per_h=0.5,
    steps=(
        (0.15, 6 * _MINUTE),
        (2.0, 16 * _MINUTE),
        (0.18, 32 * _MINUTE),
        (0.5, 9 * _MINUTE),
    ),
)
DRYER = Program("dryer", per_h=0.5, steps=((2.4, 34 * _MINUTE), (0.9, 14 * _MINUTE), (0.2, 300.0)))
COPIER = Program("copier", per_h=5.0, steps=((1.1, 40.0), (0.25, 120.0)))
HOME_DISHWASHER = Program("dishwasher", per_h=0.13, steps=DISHWASHER.steps)


@frozen(eq=False)
class Cooler:
    """A fridge: `ambient_k` over its setpoint, warmed by `doors_k` more when everyone is there.

    Source: realism.md, after the fridges of tracebase: 0.115 /h losses, 8 K/h pull, 3.9 to 5.2 °C.
    """

    mass: ThermalMass
    power_kw: float
    ambient_k: float
    pull_k: float
    doors_k: float


_LOSS_PER_H = 0.115
_SETPOINT_C = 4.55
_FRIDGE_MASS = ThermalMass(3600.0 / _LOSS_PER_H, 0.65, -0.65, min_on_s=60.0, min_off_s=120.0)


def _fridge(power_kw: float) -> Cooler:
    return Cooler(
        _FRIDGE_MASS,
        power_kw,
        ambient_k=22.0 - _SETPOINT_C,
        pull_k=8.0 / _LOSS_PER_H,
        doors_k=1.5,
    )


@frozen(eq=False)
class Place:
    """What draws power: always, while people are there, to cool, and in programmes. kW.

    `at_home` chooses whose presence counts: people at home, or at work.
    """

    programs: Programs
    standby_kw: float
    attended_kw: float = 0.0
    cooler: Cooler | None = None
    at_home: bool = False

    def __deepcopy__(self, memo: object) -> "Place":
        """Return itself: it never changes."""
        return self


KITCHEN = Place(
    Programs(15.0, (DISHWASHER, OVEN, COFFEE, KETTLE, MICROWAVE)),
    standby_kw=0.25,
    attended_kw=1.5,
    cooler=_fridge(1.2),
)
FRIDGE = Place(Programs(0.15, ()), standby_kw=0.002, cooler=_fridge(0.14), at_home=True)
HOME_WASHING_UP = Place(Programs(2.2, (HOME_DISHWASHER,)), standby_kw=0.001, at_home=True)
OFFICE = Place(Programs(6.0, (COPIER, COFFEE)), standby_kw=0.7, attended_kw=2.6)
LAUNDRY = Place(Programs(8.0, (WASHER, DRYER)), standby_kw=0.02, attended_kw=0.15, at_home=True)
