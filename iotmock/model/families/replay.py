"""Replay: a series of the user's own, played again; faults and dialects are as for all others."""

from collections.abc import Callable, Iterable, Mapping
from math import ceil
from typing import Literal, get_args

from attrs import define

from iotmock.model.commands import Applied, Command, Outcome, Rejected
from iotmock.model.family import DeviceType, Family, Profile
from iotmock.model.numbers.curve import Points, between
from iotmock.model.numbers.noise import Noise
from iotmock.model.parts.flows.series import Series, Steps
from iotmock.model.site.site import DAY_S, Conditions
from iotmock.model.spec import POWER_KW, InvalidFieldError, Setting, read_setting, read_switch

Mode = Literal["week", "loop", "once"]
_MODES: tuple[str, ...] = get_args(Mode)
_ANY_TIME_S = (-1e12, 1e12)
_A_WEEK = 6.5 * 86_400.0
"""From this length on a series is taken to be one of weeks."""
_PANEL_KW = 10.0
_SITE_STEP_S = 1.0


class SetMode(Command, frozen=True):
    """Play by the time of the week, from the beginning over and over, or once."""

    name = "set_mode"
    mode: Mode


class SetFillGaps(Command, frozen=True):
    """Fill gaps of the series with a straight line; else nothing is drawn in them."""

    name = "set_fill_gaps"
    enabled: bool


class StartReplay(Command, frozen=True):
    """Play from the beginning of the series, as `loop` and `once` do, from now on."""

    name = "start_replay"


@define(eq=False)
class Replay:
    """One device that plays a series. `began_s` is when, Unix seconds; None: with its next tick."""

    series: Series
    rated_kw: float
    """What of the series' kW is all of the base power."""
    mode: Mode
    fills: bool = False
    began_s: float | None = None
    share: float = 0.0
    until_s: float | None = None
    """Until when it has played, on the clock that its mode goes by."""

    def step(self, site: Conditions, dt_s: float) -> float:
        """See `Family.step`: the mean of the series over the tick, to the rounding of numbers."""
        series = self.series
        steps = series.filled if self.fills else series.kept
        if self.mode == "week":
            # Day 1 is a Monday.
            middle_s = DAY_S * (site.day.number - 1 - site.day.weekday) + site.week_s
            begin_s, end_s = self._span(middle_s - 0.5 * dt_s, dt_s)
            power = steps.mean_of_circle(begin_s, end_s, series.weeks_s)
        else:
            power = self._since_it_began(steps, *self._span(site.now - 0.5 * dt_s, dt_s))
        self.share = share = power / self.rated_kw
        return share

    def _span(self, begin_s: float, dt_s: float) -> tuple[float, float]:
        """Return begin and end of a tick, which follows the last one without a gap.

        A site knows the middle of a tick to the second below alone; a series knows better.
        """
        until_s = self.until_s
        follows = until_s is not None and abs(begin_s - until_s) <= _SITE_STEP_S
        begin_s = until_s if follows and until_s is not None else float(ceil(begin_s))
        self.until_s = end_s = begin_s + dt_s
        return begin_s, end_s

    def _since_it_began(self, steps: Steps, begin_s: float, end_s: float) -> float:
        if self.began_s is None:
            self.began_s = begin_s
        before_s = self.began_s
        if self.mode == "once":
            before_s -= self.series.begin_s
            return steps.mean(begin_s - before_s, end_s - before_s)
        return steps.mean_of_span(begin_s - before_s, end_s - before_s)

    def power_factor(self) -> float:
        """See `Family.power_factor`: a series of powers does not say."""
        return 0.95

    def apply(self, command: Command) -> Outcome:
        """See `Family.apply`."""
        match command:
            case SetMode(mode=mode):
                self.mode, self.began_s, self.until_s = mode, None, None
            case SetFillGaps(enabled=enabled):
                self.fills = enabled
            case StartReplay():
                self.began_s = self.until_s = None
                self.mode = "loop" if self.mode == "week" else self.mode
            case _:
                return Rejected(f"replay has no {command.name}")
        return Applied()

    def settings(self) -> dict[str, Setting]:
        """See `Family.settings`."""
        found: dict[str, Setting] = {"mode": self.mode, "fill_gaps": self.fills}
        if self.began_s is not None:
            found["began"] = self.began_s
        return found

    def restore(self, settings: Mapping[str, Setting]) -> None:
        """See `Family.restore`."""
        if "mode" in settings:
            self.mode = _mode(settings["mode"])
        if "fill_gaps" in settings:
            self.fills = read_switch(settings, "fill_gaps")
        if "began" in settings:
            self.began_s = read_setting(settings, "began", _ANY_TIME_S, 0.0)


def _mode(value: Setting) -> Mode:
    if value not in _MODES:
        raise InvalidFieldError("mode", f"must be one of {', '.join(_MODES)}")
    return value  # type: ignore[return-value]


def _playing(series: Series, rated_kw: float) -> Callable[[Noise, float], Family]:
    mode: Mode = "week" if series.span_s >= _A_WEEK else "loop"

    def build(_noise: Noise, _variation: float) -> Replay:
        return Replay(series, rated_kw, mode)

    return build


def profile_of(series: Series, about: str) -> Profile:
    """Return the profile that plays a series as it is, at its largest power as base power."""
    rated_kw = max(abs(series.least_kw), abs(series.most_kw), POWER_KW[0])
    rated_kw = min(rated_kw, POWER_KW[1])
    feeds = max(0.0, -series.least_kw / rated_kw)
    volts, phases = (240.0, 1) if rated_kw <= _PANEL_KW else (400.0, 3)
    return Profile(
        series.name,
        about,
        rated_kw,
        volts,
        phases,
        _playing(series, rated_kw),
        max(0.0, series.most_kw / rated_kw),
        feeds=feeds,
        generates=feeds > 0.0 and series.most_kw <= 0.0,
        drifts=True,
    )


# A household of three, quarter-hourly: the shape of the BDEW's standard load profile H0.
_WORKDAY: Points = (
    (0.0, 0.22), (4.0, 0.16), (5.5, 0.2), (7.0, 0.55), (8.5, 0.45), (11.0, 0.42), (12.5, 0.6),
    (15.0, 0.38), (17.0, 0.55), (19.0, 0.95), (21.0, 0.75), (23.0, 0.4), (24.0, 0.22),
)  # fmt: skip
_WEEKEND: Points = (
    (0.0, 0.28), (5.0, 0.16), (8.0, 0.4), (10.0, 0.75), (12.0, 0.95), (14.0, 0.6), (17.0, 0.55),
    (19.0, 0.85), (21.5, 0.6), (24.0, 0.28),
)  # fmt: skip


def _sample() -> Series:
    quarters = [quarter / 4.0 for quarter in range(7 * 96)]
    powers = [between(_WORKDAY if hour < 5 * 24.0 else _WEEKEND, hour % 24.0) for hour in quarters]
    return Series.of("sample", [3600.0 * hour for hour in quarters], powers)


SAMPLE = profile_of(_sample(), "A week of a household, by quarters of an hour.")


def type_of(profiles: Iterable[Profile] = ()) -> DeviceType:
    """Return the type with the profiles of a user's files, after the one that is always there."""
    return DeviceType.of_profiles(
        device_type="replay",
        name="Replay",
        description="A recorded series, played again; its files are in REPLAY_FOLDER.",
        profiles=(SAMPLE, *profiles),
        own_commands=(SetMode, SetFillGaps, StartReplay),
    )


TYPE = type_of()
