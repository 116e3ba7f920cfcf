"""Which faults a scenario plans, and when something else than a fault is to be expected."""

from collections.abc import Iterator
from itertools import pairwise

from iotmock.soak.scenario.scenario import Scenario
from iotmock.soak.scenario.schedule import Schedule
from iotmock.soak.scenario.timeline import (
    AnyPhase,
    Blackout,
    BrokerCommand,
    ConnectionStorm,
    FaultInjection,
    Pause,
)

BLACKOUT_IS = "outage"
"""The fault that a blackout is for its devices."""


def planned_kinds(scenario: Scenario) -> frozenset[str]:
    """Return the kinds of faults that its phases inject."""
    return frozenset(_kinds(scenario.phases))


def _kinds(phases: list[AnyPhase]) -> Iterator[str]:
    for phase in phases:
        match phase:
            case FaultInjection(fault=fault):
                yield fault
            case Blackout():
                yield BLACKOUT_IS


def plans_faults(scenario: Scenario) -> bool:
    """Say whether devices shall have faults, by phases or by themselves."""
    return scenario.fleet.faults_profile != "off" or bool(planned_kinds(scenario))


def other_trouble(scenario: Scenario) -> Iterator[tuple[float, float]]:
    """Yield when devices may fall silent without a fault, s after the start."""
    for phase in scenario.phases:
        match phase:
            case ConnectionStorm() | Pause():
                yield phase.at, phase.at + phase.length_s
            case BrokerCommand(timeout=timeout):
                yield phase.at, phase.at + timeout
    for course in Schedule(scenario).courses.values():
        yield from ((a, b) for (a, more), (b, less) in pairwise(course.knots) if less < more)
