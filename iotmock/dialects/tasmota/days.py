"""Today and Yesterday: a counter cut at local midnight."""

from collections.abc import Callable
from datetime import date as date_of_year
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache

import msgspec
from attrs import define

_ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=64)  # all that tick together say the same
def local(timestamp: str, zone: tzinfo) -> tuple[str, str]:
    """Return a timestamp as a clock in this zone shows it, and its date."""
    moment = datetime.fromisoformat(timestamp).astimezone(zone)
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    return text, text[:10]


class Memory(msgspec.Struct, frozen=True):
    """What of `Days` outlives the process."""

    begin_kwh: float
    date: str
    since: str
    yesterday_kwh: float


def _tell_nobody() -> None:
    """Nobody keeps it."""


@define(eq=False)
class Days:
    """What a counter (kWh) was when the day began, and how much the day before had.

    What was before the device first lived in this dialect is not known: the first day begins with
    it, and `yesterday_kwh` is nought until a midnight has passed.
    """

    begin_kwh: float
    date: str = ""
    since: str = ""
    """When the counter began, in local time."""
    yesterday_kwh: float = 0.0
    turned: Callable[[], object] = _tell_nobody
    """Is told whenever there is something else to be kept."""

    def recall(self, memory: bytes) -> None:
        """Go on from an earlier life; not from what none has written."""
        try:
            found = msgspec.json.decode(memory, type=Memory)
        except msgspec.DecodeError:
            return
        self.begin_kwh, self.date, self.since = found.begin_kwh, found.date, found.since
        self.yesterday_kwh = found.yesterday_kwh

    def memory(self) -> bytes:
        """Return what is to be kept."""
        kept = Memory(self.begin_kwh, self.date, self.since, self.yesterday_kwh)
        return msgspec.json.encode(kept)

    def turn(self, moment: str, date: str, energy_kwh: float) -> None:
        """Have another day begin, or the same with a counter that was set to nought."""
        if energy_kwh < self.begin_kwh:
            self.begin_kwh, self.yesterday_kwh, self.since = 0.0, 0.0, moment
        elif self.date:
            follows = _day(date) - _day(self.date) == _ONE_DAY
            self.yesterday_kwh = energy_kwh - self.begin_kwh if follows else 0.0
            self.begin_kwh = energy_kwh
        self.date, self.since = date, self.since or moment
        self.turned()


def _day(text: str) -> date_of_year:
    # Of a memory that was tampered with, too: then no day follows it.
    try:
        return date_of_year.fromisoformat(text)
    except ValueError:
        return date_of_year.min
