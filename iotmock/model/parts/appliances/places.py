"""Where appliances stand, with what is in them. Data only; powers in kW, times in s."""

from attrs import frozen

from iotmock.model.numbers.noise import Noise
from iotmock.model.numbers.shared import shared
from iotmock.model.parts.appliances.cabinet import Cooler
from iotmock.model.parts.appliances.machines import (
    CHARGER,
    COFFEE,
    COPIER,
    DESKS,
    DRYER,
    HOB,
    HOME_DISHWASHER,
    KETTLE,
    KITCHEN_DISHWASHER,
    MICROWAVE,
    OVEN,
    TELEVISION,
    WASHER,
)
from iotmock.model.parts.appliances.own import factor
from iotmock.model.parts.appliances.program import Programs


@frozen(eq=False)
class Place:
    """What draws power: always, while people are there, to cool, and in programmes. kW.

    `at_home` chooses whose presence counts: people at home, or at work. `standby_sd` is how places
    differ in what they draw always (of its logarithm), `standby_share` how many draw anything at
    all, `wander` how that changes within hours (relative). `size_sd` is how places differ in how
    much is done there (of its logarithm).
    """

    programs: Programs
    standby_kw: float = 0.0
    standby_sd: float = 0.5
    standby_share: float = 1.0
    wander: float = 0.0
    attended_kw: float = 0.0
    cooler: Cooler | None = None
    at_home: bool = False
    size_sd: float = 0.3

    def drawn_always_kw(self, noise: Noise, spread: float) -> float:
        """Draw what one place draws always, kW."""
        if spread > 0.0 and noise.uniform() >= self.standby_share:
            return 0.0
        return shared(self.standby_kw * factor(noise, self.standby_sd * spread))

    def __deepcopy__(self, memo: object) -> "Place":
        """Return itself: it never changes."""
        return self


KITCHEN = Place(
    Programs(15.0, (KITCHEN_DISHWASHER, OVEN, HOB, COFFEE, KETTLE, MICROWAVE)),
    standby_kw=0.3,
    wander=0.022,
    attended_kw=0.3,
    cooler=Cooler(1.0, duty=0.4, usual=0.0, duties=(0.3, 0.55)),
)
FRIDGE = Place(Programs(0.15, ()), cooler=Cooler(0.09), at_home=True)
HOME_WASHING_UP = Place(
    Programs(2.2, (HOME_DISHWASHER,)),
    standby_kw=0.0006,
    standby_share=0.08,
    size_sd=0.2,
    at_home=True,
)
OFFICE = Place(
    Programs(6.0, (DESKS, COPIER, COFFEE, CHARGER)),
    standby_kw=0.45,
    wander=0.022,
)
LAUNDRY = Place(
    Programs(8.0, (WASHER, DRYER)), standby_kw=0.002, standby_sd=0.8, wander=0.01, at_home=True
)
TV = Place(
    Programs(0.12, (TELEVISION,)), standby_kw=0.0006, standby_sd=0.7, wander=0.02, at_home=True
)
"""Standby: 0.3 to 0.5 W, at most 2 W where it listens to the network (EU 801/2013)."""
ROUTER = Place(
    Programs(0.012, ()),
    standby_kw=0.0088,
    standby_sd=0.3,
    wander=0.035,
    attended_kw=0.0006,
    at_home=True,
)
"""Always on: 6 to 14 W with wireless, a little more while people use it. Source: data sheets of DSL
and fibre routers; EU code of conduct on broadband equipment, version 8, 2021, home gateways."""
