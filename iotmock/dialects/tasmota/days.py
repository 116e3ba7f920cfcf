"""Today and Yesterday: a counter cut at local midnight."""

from datetime import datetime, tzinfo
from functools import lru_cache

from attrs import define


@lru_cache(maxsize=64)  # all that tick together say the same
def local(timestamp: str, zone: tzinfo) -> tuple[str, str]:
    """Return a timestamp as a clock in this zone shows it, and its date."""
    moment = datetime.fromisoformat(timestamp).astimezone(zone)
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    return text, text[:10]


@define(eq=False)
class Days:
    """What a counter (kWh) was when the day began, and how much the day before had.

    What was before this process is not known: the first day begins with it, and `yesterday_kwh` is
    nought until a midnight has passed.
    """

    begin_kwh: float
    date: str = ""
    since: str = ""
    """When the counter began, in local time."""
    yesterday_kwh: float = 0.0

    def turn(self, moment: str, date: str, energy_kwh: float) -> None:
        """Have another day begin, or the same with a counter that was set to nought."""
        if energy_kwh < self.begin_kwh:
            self.begin_kwh, self.yesterday_kwh, self.since = 0.0, 0.0, moment
        elif self.date:
            self.begin_kwh, self.yesterday_kwh = energy_kwh, energy_kwh - self.begin_kwh
        self.date, self.since = date, self.since or moment
