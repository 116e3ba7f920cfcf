"""What to set so that simulated devices are more like the user's: each a sentence."""

from collections.abc import Callable, Iterator
from math import sqrt

import numpy as np

from iotmock.judge.piece import HOUR_S, Piece, Values
from iotmock.judge.verdict.verdict import Verdict
from iotmock.model.numbers.plain_number import figure

NEAR = 1.5
"""A distance up to which a profile is as near as one may ask."""
_NEARER = 0.75
_NONE_NEAR = (
    "profile: none is near; `replay` plays the series itself (docs/reference/families.md), and "
    "what gives it away says where a family of your own must differ "
    "(docs/how-to/new-device-type.md)"
)
_OFF = 0.15
_FEW = 4
_CLONES, _WILD = 0.5, 2.0
_VARIATION, _MOST_VARIATION = 0.1, 0.4
_BETTER, _ALIKE, _MOST_HOURS = 0.1, 0.7, 10.0
_FAULTY = 0.001
Rule = Callable[[Verdict], str | None]


def advice(verdict: Verdict) -> Iterator[str]:
    """Yield what to set, the most important first."""
    for rule in _RULES:
        if (said := rule(verdict)) is not None:
            yield said


def _profile(verdict: Verdict) -> str | None:
    name, distance = verdict.ranking[0]
    mine = verdict.comparison.distance
    if name != verdict.profile and distance < _NEARER * mine:
        return f"profile: {name} is nearer to this series, {distance:.1f} in place of {mine:.1f}"
    return _NONE_NEAR if mine > 2.0 * NEAR else None


def _base_power(verdict: Verdict) -> str | None:
    """The mean power decides: it is what both have, whatever their peaks are."""
    real = float(np.median([one.mean_kw for one in verdict.series.pieces]))
    simulated = float(np.median([piece.powers.mean() for piece in verdict.comparison.simulated]))
    ratio = real / simulated
    if abs(ratio - 1.0) <= _OFF:
        return None
    wanted = figure(verdict.base_power_kw * ratio, 3)
    unit = "" if verdict.series.unit_is_said else " (if the file is in kW: else --unit W)"
    return (
        f"base_power: {wanted} kW has the mean power of this series, {figure(real, 3)} kW; "
        f"the profile's own is {figure(verdict.base_power_kw, 3)} kW{unit}"
    )


def _base_power_spread(verdict: Verdict) -> str | None:
    """Evenly within ±s, the standard deviation of powers is s / √3 of their mean."""
    means: dict[str, list[float]] = {}
    for one in verdict.series.pieces:
        means.setdefault(one.device, []).append(one.mean_kw)
    if len(means) < _FEW:
        return None
    of_devices = [float(np.mean(some)) for some in means.values()]
    spread = min(0.9, sqrt(3.0) * float(np.std(of_devices) / np.mean(of_devices)))
    return (
        f"base_power_spread: {spread:.2f} in a group of a fleet: these {len(means)} differ so much"
    )


def _variation(verdict: Verdict) -> str | None:
    spread = verdict.comparison.spread
    if _CLONES <= spread <= _WILD:
        return None
    wanted = float(np.clip(_VARIATION / max(spread, 0.01), 0.02, _MOST_VARIATION))
    how = "less" if spread < _CLONES else "more"
    return (
        f"DATA_VARIATION_PERCENT: simulated ones vary {how} than these (spread {spread:.2f}); "
        f"try {wanted:.2g} in place of {_VARIATION}"
    )


def _hours(verdict: Verdict) -> str | None:
    """Shift the average simulated day until it fits best."""
    real, simulated = (_average_day(some) for some in _both(verdict))
    step_h = verdict.series.step_s / HOUR_S
    fits = [_alike(real, np.roll(simulated, -shift)) for shift in range(real.size)]
    best = int(np.argmax(fits))
    hours = (best if best <= real.size // 2 else best - real.size) * step_h
    if not 1.0 <= abs(hours) <= _MOST_HOURS or fits[best] < max(_ALIKE, fits[0] + _BETTER):
        return None
    when = "earlier" if hours > 0 else "later"
    return (
        f"SITE_TIMEZONE: these days run {abs(hours):g} h {when} than simulated ones; "
        "judge with the --timezone of the site, or choose a profile of other hours"
    )


def _both(verdict: Verdict) -> tuple[list[Piece], list[Piece]]:
    return list(verdict.comparison.real), list(verdict.comparison.simulated)


def _average_day(pieces: list[Piece]) -> Values:
    mean: Values = np.mean([piece.days.mean(axis=0) for piece in pieces], axis=0)
    return mean


def _alike(one: Values, other: Values) -> float:
    if one.std() == 0.0 or other.std() == 0.0:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def _interval(verdict: Verdict) -> str | None:
    usual = figure(verdict.series.usual_step_s, 4)
    return f"SIMULATION_INTERVAL: {usual}, as far apart as these readings are, in s"


def _faults(verdict: Verdict) -> str | None:
    found = verdict.series.found
    share = (found.missing + found.doubled + found.backwards) / max(1, found.rows)
    if share < _FAULTY:
        return None
    level = "harsh" if share > 20.0 * _FAULTY else "realistic"
    return (
        f"FAULT_PROFILE: {level}; {share:.1%} of these readings are missing, doubled or out of "
        "order (docs/reference/faults.md)"
    )


_RULES: tuple[Rule, ...] = (
    _profile,
    _base_power,
    _base_power_spread,
    _hours,
    _variation,
    _faults,
    _interval,
)
