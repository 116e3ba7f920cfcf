"""The account of every message that was sent: lost, twice, out of order, late or damaged.

Pure: numbers and times in, counts out. Per device it holds the highest number that came and which
of the `window` numbers below it are missing, so its memory does not grow with time.
"""

from collections.abc import Mapping
from math import inf

import msgspec
from attrs import define, field

from iotmock.soak.account.findings import Defect, Findings
from iotmock.soak.account.outages import Outages
from iotmock.soak.account.tally import Tally

EVERYTHING = "all"
"""The group of the devices that belong to none."""


class Track(msgspec.Struct, gc=False, eq=False):
    """What is known of one device. Bit k of `missing` says that number `high - k` has not come."""

    device: str
    tally: Tally
    life: int = 0
    high: int = 0
    due_us: int = 0
    missing: int = 0
    missing_in_outage: int = 0


@define(eq=False)
class Account:
    """Give it every message that arrives, what was sent at the end, and `close` it.

    `groups` are names with the prefix of their devices' ids; of each kind of defect, `capacity`
    ranges of numbers are kept; nothing was due before `began_us`. One that `joins` came later than
    the devices: what a device sent before its first message that arrives is not missed.

    Long because each number is in one of few states, and all that moves it on is read together.
    """

    window: int = 128
    late_after_s: float = inf
    groups: Mapping[str, str] = field(factory=dict)
    capacity: int = 10_000
    began_us: int = 0
    joins: bool = False
    outages: Outages = field(factory=Outages)
    tallies: dict[str, Tally] = field(factory=dict)
    findings: Findings = field(init=False)
    expected: dict[str, int] = field(factory=dict)
    _tracks: dict[str, Track] = field(factory=dict)
    _gaping: dict[str, Track] = field(factory=dict)
    _late_us: float = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.findings = Findings(self.capacity)
        self._late_us = self.late_after_s * 1e6

    def __len__(self) -> int:
        return len(self._tracks)

    def track(self, device: str) -> Track:
        """Return what is known of a device, for `receive`."""
        track = self._tracks.get(device)
        if track is None:
            name = self._group_of(device)
            track = Track(device, self.tallies.setdefault(name, Tally()), due_us=self.began_us)
            self._tracks[device] = track
        return track

    def _group_of(self, device: str) -> str:
        fitting = [name for name, prefix in self.groups.items() if device.startswith(prefix)]
        return max(fitting, key=lambda name: len(self.groups[name]), default=EVERYTHING)

    # A message arrives

    def receive(
        self,
        track: Track,
        number: int,
        due_us: int,
        now_us: int,
        *,
        intact: bool = True,
        deliberate: bool = False,
        again: bool = False,
    ) -> bool:
        """Account for a message, which may have come with DUP (`again`).

        Return whether it came for the first time, and so counts for latency.
        """
        tally = track.tally
        tally.received += 1
        if deliberate:
            tally.deliberate += 1
        if number == track.high + 1 and not track.missing:
            track.high, track.due_us, new = number, due_us, True
        elif not intact and abs(number - track.high) > self.window:
            tally.unplaced += 1  # what changed may as well be the number
            new = False
        else:
            new = self._receive_out_of_line(track, number, due_us, again)
        if not intact:
            self.findings.add("corrupted", track.device, tally, number, number)
        if new and now_us - due_us > self._late_us:
            self.findings.add("late", track.device, tally, number, number)
        return new

    def _receive_out_of_line(self, track: Track, number: int, due_us: int, again: bool) -> bool:
        if self.joins and not track.high:
            track.high, track.due_us = number, due_us
            return True
        if number > track.high:
            self._advance(track, number, due_us)
            return True
        age, tally = track.high - number, track.tally
        if age >= self.window:
            return self._receive_beyond_window(track, number)
        if track.missing >> age & 1:
            self._find(track, 1 << age)
            self.findings.add("reordered", track.device, tally, number, number)
            return True
        self._count_duplicate(track, number, again)
        return False

    def _find(self, track: Track, bit: int) -> None:
        track.missing &= ~bit
        track.missing_in_outage &= ~bit

    def _count_duplicate(self, track: Track, number: int, again: bool) -> None:
        tally = track.tally
        if again:
            tally.redelivered += 1
        else:
            self.findings.add("duplicated", track.device, tally, number, number)

    def _receive_beyond_window(self, track: Track, number: int) -> bool:
        findings, tally = self.findings, track.tally
        if findings.take_back(track.device, tally, number):
            tally.late_beyond_window += 1
            return True
        if findings.losses_are_complete:
            self._count_duplicate(track, number, again=False)
        else:
            tally.unplaced += 1
        return False

    # Numbers go missing

    def _advance(self, track: Track, number: int, due_us: int) -> None:
        """Take `number` as the highest; those it skipped are missing."""
        high, step = track.high, number - track.high
        away: list[tuple[int, int]] = []
        if step > 1:
            self._gaping[track.device] = track
            away = self._in_outages(track, number, due_us)
        if step > self.window:  # wider than the window, and perhaps than a number of bits can be
            self._give_up(track, track.missing, track.missing_in_outage, high)
            self._lose_range(track, high + 1, number - self.window, away)
            track.missing, track.missing_in_outage = (1 << self.window) - 2, 0
        else:
            track.missing = track.missing << step | (1 << step) - 2
            track.missing_in_outage <<= step
        track.high, track.due_us = number, due_us
        track.missing_in_outage |= self._bits(track, away)
        self._expire(track)

    def _in_outages(self, track: Track, number: int, due_us: int) -> list[tuple[int, int]]:
        if not len(self.outages):
            return []
        return list(self.outages.numbers((track.high, track.due_us), (number, due_us)))

    def _bits(self, track: Track, ranges: list[tuple[int, int]]) -> int:
        bits, oldest = 0, track.high - self.window + 1
        for first, last in ranges:
            for number in range(max(first, oldest), last + 1):
                bits |= 1 << track.high - number
        return bits & track.missing

    def _expire(self, track: Track) -> None:
        old, inside = track.missing >> self.window, (1 << self.window) - 1
        if old:
            away = track.missing_in_outage >> self.window
            self._give_up(track, old, away, track.high - self.window)
        track.missing &= inside
        track.missing_in_outage &= inside

    def _give_up(self, track: Track, missing: int, away: int, newest: int) -> None:
        """Count as lost: bit k of `missing` is number `newest - k`."""
        while missing:
            age = missing.bit_length() - 1
            self._lose(track, newest - age, newest - age, away=bool(away >> age & 1))
            missing -= 1 << age

    def _lose_range(self, track: Track, first: int, last: int, away: list[tuple[int, int]]) -> None:
        free = first
        for start, stop in away:
            self._lose(track, free, min(start - 1, last), away=False)
            self._lose(track, start, min(stop, last), away=True)
            free = stop + 1
        self._lose(track, free, last, away=False)

    def _lose(self, track: Track, first: int, last: int, *, away: bool) -> None:
        if first <= last:
            kind: Defect = "lost_in_outages" if away else "lost"
            self.findings.add(kind, track.device, track.tally, first, last)

    # A device begins anew, or a run ends

    def begin_life(self, track: Track, life: int) -> None:
        """Take up a device that another worker goes on with, from number 1."""
        self._give_up(track, track.missing, track.missing_in_outage, track.high)
        track.life, track.high, track.due_us = life, 0, self.began_us
        track.missing = track.missing_in_outage = 0

    def expect(self, device: str, up_to: int) -> None:
        """Note that the device's messages 1 to `up_to` were sent."""
        self.track(device)
        self.expected[device] = up_to

    @property
    def missing(self) -> int:
        """How many messages have not come before later ones, and may yet."""
        self._gaping = {name: track for name, track in self._gaping.items() if track.missing}
        return sum(track.missing.bit_count() for track in self._gaping.values())

    @property
    def outstanding(self) -> int:
        """How many messages have not come of all that are expected, and may yet."""
        expected = self.expected.items()
        return self.missing + sum(max(0, sent - self._tracks[name].high) for name, sent in expected)

    def close(self, until_us: int) -> None:
        """Count as lost what has not come; `until_us` is when the last message was due."""
        for track in self._tracks.values():
            self._give_up(track, track.missing, track.missing_in_outage, track.high)
            track.missing = track.missing_in_outage = 0
            self._close_trail(track, self.expected.get(track.device, 0), until_us)

    def _close_trail(self, track: Track, up_to: int, until_us: int) -> None:
        if up_to > track.high:
            away = self._in_outages(track, up_to + 1, until_us)
            self._lose_range(track, track.high + 1, up_to, away)
            track.high = up_to
