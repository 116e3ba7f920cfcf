"""What is seen of a run each second, and what happened to it that nobody planned."""

import time
from collections.abc import Callable
from functools import partial
from math import floor, inf

import trio
from attrs import define, field

from iotmock.soak.report.measures import Event, Sample
from iotmock.soak.report.terminal.view import View
from iotmock.soak.run.absences import Absences
from iotmock.soak.run.observer import Observer
from iotmock.soak.run.processes.workers import Workers
from iotmock.soak.run.so_far import so_far
from iotmock.soak.scenario.scenario import Scenario
from iotmock.soak.scenario.timeline import Campaign, Phase
from iotmock.soak.shard.order import Progress
from iotmock.soak.stores.polling import until
from iotmock.verification.latency import Quantiles

_SECOND = 1.0
_PATIENCE_S = 0.8
"""How long a sample waits for the words of its second."""
_APART_S = 0.1
"""A word that is no further from a full second of the run is of that second."""
_SILENCE = 3
"""After so many looks without a new word nothing flows any more."""


@define
class Flow:
    """How fast counts grow, by the clock of whoever counts: between two of its words."""

    at: float = 0.0
    counts: tuple[float, ...] = ()
    rates: tuple[float, ...] = (0.0, 0.0)
    silent: int = 0

    def update(self, at: float, *counts: float, done: bool = False) -> tuple[float, ...]:
        """Return the rates up to the newest word, a second.

        Without one they soon are none: at once where there will be no more words (`done`).
        """
        self.silent = 0 if at > self.at else self.silent + 1
        if at > self.at:
            if self.counts:
                pairs = zip(counts, self.counts, strict=True)
                self.rates = tuple(max(0.0, now - then) / (at - self.at) for now, then in pairs)
            self.at, self.counts = at, counts
        elif done or self.silent >= _SILENCE:
            self.rates = tuple(0.0 for _ in self.rates)
        return self.rates


@define
class Arrivals:
    """What came, of what is known to be sent: the two are told by different processes.

    What a receiver tells a moment sooner than a worker tells that it was sent is of the next
    sample.
    """

    sent: float = 0.0
    came: float = 0.0
    shown: float = 0.0

    def update(self, sent: float, came: float, span_s: float) -> float:
        """Take the rates of a sample, and return the one to show, a second."""
        self.sent += sent * span_s
        self.came += came * span_s
        more = max(0.0, min(self.came, self.sent) - self.shown)
        self.shown += more
        return more / span_s


@define(eq=False)
class Planned:
    """What is planned, which is put on record as its time comes."""

    every: list[Phase | Campaign]
    put: Callable[[Event], None]
    by_hand: bool
    _announced: int = 0

    @classmethod
    def of(cls, scenario: Scenario, put: Callable[[Event], None]) -> "Planned":
        """Return what a scenario plans."""
        every = [*scenario.phases, *scenario.campaigns]
        return cls(sorted(every, key=lambda one: one.at), put, scenario.load.by_hand)

    def going_on(self, moment_s: float) -> str:
        """Return what is going on at a moment."""
        labels = (
            one.label
            for one in self.every
            if one.at <= moment_s < one.at + max(_SECOND, one.length_s)
        )
        return ", ".join(labels) or "run"

    async def announce(self, began: float) -> None:
        """Announce each at its time, after `began` on Trio's clock, unless time goes in steps."""
        for one in () if self.by_hand else self.every:
            await trio.sleep_until(began + one.at)
            until = one.at + one.length_s if 0.0 < one.length_s < inf else None
            self.put(Event(t=one.at, kind=_kind(one), text=one.label, until=until))

    def announce_up_to(self, moment_s: float, now_s: float) -> None:
        """Announce at `now_s` what the scenario has before a moment, where time goes in steps."""
        for one in self.every[self._announced :]:
            if one.at < moment_s:
                self._announced += 1
                self.put(Event(t=now_s, kind=_kind(one), text=one.label))


def _kind(one: Phase | Campaign) -> str:
    return "campaign" if isinstance(one, Campaign) else one.kind


@define(eq=False)
class Monitor:
    """Takes a sample each second; `began` is the start on Trio's clock."""

    scenario: Scenario
    workers: Workers
    observer: Observer
    view: View
    began: float = inf
    samples: list[Sample] = field(factory=list)
    events: list[Event] = field(factory=list)
    _start: float = 0.0
    _at: float = 0.0
    _flows: list[Flow] = field(factory=list)
    _received: Flow = field(factory=Flow)
    _arrivals: Arrivals = field(factory=Arrivals)
    planned: "Planned" = field(init=False)
    _absences: Absences = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.planned = Planned.of(self.scenario, self._put)
        self._absences = Absences(self.workers, self.observer, partial(self.note, "outage"))

    def begin(self, at: float) -> None:
        """Note that the run begins `at`, Unix s, which is soon."""
        self.began, self._start = trio.current_time() + at - time.time(), at
        self._flows = [Flow(at, (0.0, 0.0)) for _ in self.workers]
        self._received = Flow(at, (0.0,), (0.0,))

    @property
    def now_s(self) -> float:
        """How long the run has taken, s; 0 before it begins."""
        return max(0.0, trio.current_time() - self.began)

    def note(self, kind: str, text: str) -> None:
        """Put something on record that nobody planned."""
        self._put(Event(t=self.now_s, kind=kind, text=text))

    def _put(self, event: Event) -> None:
        self.events.append(event)
        self.view.note(event)

    async def run(self) -> None:
        """Look each second until cancelled, once everyone has said how far it was by then."""
        while True:
            second = floor(self.now_s) + 1
            await trio.sleep_until(self.began + second)
            with trio.move_on_after(_PATIENCE_S):
                await until(partial(self._is_told, second))
            self.look(float(second))

    def _is_told(self, second: int) -> bool:
        words = [one.progress.at for one in self.workers if not one.ended.is_set()]
        if self.observer.receipts is not None and not self.observer.final.is_set():
            words.append(self.observer.receipts.at)
        return all(at > self._start + second - _APART_S for at in words)

    def _second(self, at: float) -> float:
        """Return the full second that a word is of, Unix s, if it is of any."""
        full = self._start + round(at - self._start)
        return full if abs(at - full) < _APART_S else at

    def look_last(self) -> None:
        """Take a last sample, unless there has just been one."""
        if self.now_s - self._at > _SECOND / 2.0:
            self.look(self.now_s)
        if (reached := self._reached_s) is not None:
            self.planned.announce_up_to(reached, self.now_s)

    def look(self, now_s: float) -> None:
        """Take a sample of `now_s` after the start."""
        span_s, self._at = max(now_s - self._at, 1e-3), now_s
        self.samples.append(sample := self._sample(self._at, span_s))
        if sample.reached is not None:
            self.planned.announce_up_to(sample.reached, now_s)
        self.view.show(sample, list(so_far(self.scenario, self.observer.receipts, now_s)))
        self._absences.look()

    def _rates(self) -> tuple[float, float]:
        flows = zip(self._flows, self.workers, strict=True)
        rates = [
            flow.update(
                self._second(one.progress.at), *_offered(one.progress), done=one.done.is_set()
            )
            for flow, one in flows
        ]
        return sum(rate[0] for rate in rates), sum(rate[1] for rate in rates)

    def _sample(self, now: float, span_s: float) -> Sample:
        parts, receipts = self._living(), self.observer.receipts
        recent, received = Quantiles(), 0.0
        if receipts is not None:
            recent = receipts.recent_latency
            received = self._received.update(self._second(receipts.at), receipts.counts.distinct)[0]
        due, sent = self._rates()
        reached = self._reached_s
        return Sample(
            t=now,
            phase=self.planned.going_on(now if reached is None else reached),
            reached=reached,
            devices=sum(part.devices for part in parts),
            due=due,
            sent=sent,
            received=self._arrivals.update(sent, received, span_s),
            lateness_p50_ms=max((part.lateness_p50_s for part in parts), default=0.0) * 1e3,
            lateness_p99_ms=max((part.lateness_p99_s for part in parts), default=0.0) * 1e3,
            latency_p50_ms=recent.p50_ms if recent.count else None,
            latency_p95_ms=recent.p95_ms if recent.count else None,
            latency_p99_ms=recent.p99_ms if recent.count else None,
            backlog=sum(part.backlog for part in parts),
            lost=receipts.counts.lost if receipts else 0,
            generator_mb=sum(part.memory_mb for part in parts),
            receiver_mb=receipts.memory_mb if receipts else None,
        )

    @property
    def _reached_s(self) -> float | None:
        """Where the slowest shard is, if time goes in steps."""
        if not self.scenario.load.by_hand:
            return None
        return min((part.reached_s for part in self._living()), default=0.0)

    def _living(self) -> list[Progress]:
        """Where the shards are, but for those that are dead: they have no devices."""
        return [state.progress for state in self.workers if not state.died]


def _offered(progress: Progress) -> tuple[float, float]:
    return progress.due, progress.numbered - progress.dropped - progress.unsent
