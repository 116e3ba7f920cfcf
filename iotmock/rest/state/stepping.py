"""Simulated time moved by hand: how far, and what came of it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import msgspec
from attrs import Factory, frozen
from msgspec import UnsetType

from iotmock.actors.outbox.carrier import PublisherStatistics
from iotmock.actors.system import System
from iotmock.actors.time.steps import LONGEST_S, Step, Steps
from iotmock.model.timestamp import rfc3339
from iotmock.rest.answers import Timestamp
from iotmock.rest.operation import Answer, Operation
from iotmock.rest.problems import Fault, InvalidRequestError
from iotmock.rest.requests import NewStep


class StepResult(msgspec.Struct, frozen=True):
    """What came of a step: `now` is where time stands, `seconds` how long it took in real time.

    The messages are those of the step; `waiting` is what a fault holds back, of all steps.
    """

    now: Timestamp
    seconds: float
    ticks: int
    accepted: int
    acknowledged: int
    refused: int
    dropped: int
    superseded: int
    waiting: int

    @classmethod
    def of(cls, step: Step) -> "StepResult":
        """Count from before to after."""

        def grown(count: Callable[[PublisherStatistics], int]) -> int:
            return count(step.after) - count(step.before)

        return cls(
            rfc3339(step.now, milliseconds=step.now % 1.0 != 0.0),
            round(step.seconds, 3),
            step.ticks,
            accepted=grown(lambda counts: counts.accepted),
            acknowledged=grown(lambda counts: counts.acknowledged),
            refused=grown(lambda counts: counts.refused),
            dropped=grown(lambda counts: counts.dropped),
            superseded=grown(lambda counts: counts.superseded),
            waiting=step.after.waiting,
        )


@frozen
class SteppingRoutes:
    """Time by hand."""

    system: System
    _steps: Steps = Factory(
        lambda self: Steps(self.system.pacer, self.system.publisher), takes_self=True
    )

    def operations(self) -> Iterator[Operation]:
        """Yield the rows of the table."""
        yield Operation(
            "POST",
            "/api/v1/simulation/step",
            self.step,
            StepResult,
            body=NewStep,
            problems=(409,),
        )

    async def step(self, body: NewStep) -> Answer:
        """Move simulated time on, with the speed `step`, and answer once it was lived through.

        Every device has had its ticks, and the broker has answered to what they said (at QoS 0: it
        is written). Steps of several clients follow each other. A step that takes longer than
        `timeout` goes on all the same.
        """
        zone = self.system.supervisor.sites.region.zone
        end = partial(_end_of, body, zone)
        return Answer(StepResult.of(await self._steps.step(end, body.timeout)))


def _end_of(body: NewStep, zone: ZoneInfo, now: float) -> float:
    if isinstance(body.seconds, UnsetType) == isinstance(body.until, UnsetType):
        raise InvalidRequestError([Fault("seconds", "give either seconds or until")])
    if isinstance(body.seconds, UnsetType):
        return _moment(str(body.until), zone, now)
    return now + body.seconds


def _moment(text: str, zone: ZoneInfo, now: float) -> float:
    found = _of_day(text, zone, now) if "-" not in text else _of_text(text)
    if found is None:
        raise _no_moment("must be a time of day, as 18:00, or a moment, as 2026-06-03T18:00:00Z")
    if not now < found <= now + LONGEST_S:
        raise _no_moment(
            f"must lie ahead of {rfc3339(now)}, by {LONGEST_S / 86_400:g} days at most"
        )
    return found


def _of_text(text: str) -> float | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _of_day(text: str, zone: ZoneInfo, now: float) -> float | None:
    """Return when it is this time of day next at the site; None if it is none."""
    try:
        of_day = time.fromisoformat(text)
    except ValueError:
        return None
    if of_day.tzinfo is not None:
        return None
    today = datetime.fromtimestamp(now, zone).date()
    days = (datetime.combine(today + timedelta(n), of_day, zone) for n in range(3))
    return next(moment for day in days if (moment := day.timestamp()) > now)


def _no_moment(message: str) -> InvalidRequestError:
    return InvalidRequestError([Fault("until", message)])
