"""Charging points: a car comes, takes what it needs as fast as it may, is full, and leaves."""

from collections.abc import Callable, Mapping
from typing import Annotated

from attrs import define

from iotmock.model.commands import Applied, Command, Outcome, Rejected
from iotmock.model.family import DeviceType, Extra, Family, Profile
from iotmock.model.numbers.by_step import ByStep, relaxation
from iotmock.model.numbers.noise import Noise
from iotmock.model.parts.flows.sessions import Point, Socket
from iotmock.model.parts.flows.visits import Habit
from iotmock.model.quantities import quantity
from iotmock.model.site.site import Conditions, spread_of
from iotmock.model.spec import Setting, read_setting

AMPERES = (6.0, 32.0)
"""What a pilot signal can ask for (IEC 61851-1, annex A)."""
_BUSY = 0.02
_CHARGING_RIPPLE, _WAITING_RIPPLE = 0.003, 0.05
_ANY_TIME_S = (-1e12, 1e12)
_ANY_ENERGY_H = (0.0, 1e6)


def _steady(dt_s: float) -> float:
    return relaxation(30.0, dt_s).steady


_STEADY = ByStep(_steady)


class SetCurrentLimit(Command, frozen=True):
    """Limit the charging current of each phase, in A."""

    name = "set_current_limit"
    current: Annotated[float, quantity(AMPERES, "A", "most current of each phase")]


@define(eq=False)
class EvCharger:
    """One charging point with its socket."""

    socket: Socket
    noise: Noise
    spread: float
    power: float = 0.0
    rated_kw: float = 1.0

    def step(self, site: Conditions, dt_s: float) -> float:
        """See `Family.step`."""
        self.rated_kw = site.rated_kw
        power = self.socket.live(site, dt_s)
        ripple = _CHARGING_RIPPLE if power > _BUSY else _WAITING_RIPPLE
        power *= 1.0 + ripple * self.spread * _STEADY[dt_s] * self.noise.gauss()
        self.power = power = power if power > 0.0 else 0.0
        return power

    def power_factor(self) -> float:
        """See `Family.power_factor`: chargers of cars correct it, what waits does not."""
        return 0.995 if self.power > _BUSY else 0.55

    def apply(self, command: Command) -> Outcome:
        """See `Family.apply`."""
        if not isinstance(command, SetCurrentLimit):
            return Rejected(f"ev_charger has no {command.name}")
        self.socket.limit_a = command.current
        return Applied()

    def extras(self) -> dict[str, Extra]:
        """See `HasExtras`: a session's energy is that of the car which is there."""
        session = self.socket.session
        if session is None:
            return {"session_energy": 0.0, "state": "free"}
        busy = self.power > _BUSY
        full = session.cells.soc >= 1.0
        return {
            "session_energy": round(session.taken_h * self.rated_kw, 3),
            "state": "charging" if busy else "full" if full else "waiting",
        }

    def settings(self) -> dict[str, Setting]:
        """See `Family.settings`: a session is found again by when it began."""
        found: dict[str, Setting] = {"current_limit": self.socket.limit_a}
        if (session := self.socket.session) is not None:
            found["session_begin"] = session.visit.comes_s
            found["session_stored"] = session.cells.stored_h
            found["session_taken"] = session.taken_h
        return found

    def restore(self, settings: Mapping[str, Setting]) -> None:
        """See `Family.restore`."""
        self.socket.limit_a = read_setting(settings, "current_limit", AMPERES, self.socket.limit_a)
        if "session_begin" in settings:
            begin_s = read_setting(settings, "session_begin", _ANY_TIME_S, 0.0)
            stored_h = read_setting(settings, "session_stored", _ANY_ENERGY_H, 0.0)
            taken_h = read_setting(settings, "session_taken", _ANY_ENERGY_H, 0.0)
            self.socket.resumed = begin_s, stored_h, taken_h


def _at(point: Point) -> Callable[[Noise, float], Family]:
    def build(noise: Noise, variation: float) -> EvCharger:
        spread = spread_of(variation)
        return EvCharger(Socket.drawn(point, noise, spread), noise, spread)

    return build


_HOME = Habit(17.8, 1.7, 12.5, 2.2, 9.0, 0.6, (0.62, 0.5, 0.45), same_car=True)
_WORK = Habit(8.2, 0.8, 7.6, 1.5, 11.0, 0.5, (0.8, 0.06, 0.02), strong=0.35)
_DEPOT = Habit(17.2, 0.9, 12.5, 1.0, 24.0, 0.35, (0.94, 0.55, 0.06), one_phase=0.0, strong=0.6)
_SHOP = Habit(
    8.8, 0.6, 0.8, 0.35, 14.0, 0.5, (0.97, 0.99, 0.3), several=True, pause_h=0.9, closes_h=20.0
)


def _profile(name: str, about: str, volts: float, point: Point) -> Profile:
    return Profile(name, about, point.rated_kw, volts, point.phases, _at(point), 1.2, drifts=True)


TYPE = DeviceType.of_profiles(
    device_type="ev_charger",
    name="EV Charger",
    description="A charging point: cars come by habit, take what they need, wait full, and leave.",
    profiles=(
        _profile(
            "home",
            "A wall box: some evenings a car, until the morning; three-phase.",
            400.0,
            Point(_HOME, 11.0, 16.0),
        ),
        _profile(
            "home_single",
            "A wall box on one phase with 32 A.",
            240.0,
            Point(_HOME, 7.7, 32.0, 1),
        ),
        _profile(
            "workplace",
            "A point at an office: from the morning, for the day.",
            400.0,
            Point(_WORK, 22.0, 32.0),
        ),
        _profile(
            "depot",
            "A point of a fleet's depot: a van each night.",
            400.0,
            Point(_DEPOT, 22.0, 32.0),
        ),
        _profile(
            "shop",
            "A public point at a shop: one short visit after the other.",
            400.0,
            Point(_SHOP, 22.0, 32.0),
        ),
    ),
    own_commands=(SetCurrentLimit,),
)
