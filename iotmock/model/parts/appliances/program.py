"""Programmes: what a machine does from its start to its end. Data only."""

from typing import NamedTuple

from attrs import frozen

from iotmock.model.parts.appliances.hours import Hours


class Step(NamedTuple):
    """A part of a run, of known power (kW) and length (s).

    `vary` is how much its length differs from run to run (standard deviation / length). With `on_s`
    it pulses: so long at `power_kw`, then `off_s` at `rest_kw`. `heats` is for water, which takes
    longer when it comes in cold. `hum` is how much the power trembles (relative): motors do.
    """

    power_kw: float
    length_s: float
    vary: float = 0.05
    on_s: float = 0.0
    off_s: float = 0.0
    rest_kw: float = 0.0
    heats: bool = False
    hum: float = 0.0015


Steps = tuple[Step, ...]


class Course(NamedTuple):
    """One of a machine's programmes, and how many of all its runs use it.

    `name` and `celsius` are what its dial says, where it says so.
    """

    share: float
    steps: Steps
    name: str = ""
    celsius: float | None = None


@frozen(eq=False, repr=False)
class Program:
    """What can be started, and how often people do so.

    `per_day` is the mean number of starts on a workday of the usual device, `weekend` what is done
    on other days / that. `together` is the mean number of starts of a day that has any, at least 1:
    washing is done on washing days; 0 is for starts that know nothing of each other.

    The first course is the usual one; `loyal` is how often a device runs the one that it likes best
    (1: it has no other). How machines differ in power (`power_sd`), runs in length (`pace_sd`), and
    households in the number of starts (`rate_sd`) is relative, in the hour (`habit_h`) in h. When
    it ends it starts `then` with the chance `then_share`.
    """

    name: str
    per_day: float
    hours: Hours
    courses: tuple[Course, ...]
    weekend: float = 1.0
    together: float = 0.0
    loyal: float = 0.6
    power_sd: float = 0.08
    pace_sd: float = 0.08
    rate_sd: float = 0.4
    habit_h: float = 0.6
    resistive: float = 1.0
    then: str = ""
    then_share: float = 0.0

    def __deepcopy__(self, memo: object) -> "Program":
        """Return itself: it never changes."""
        return self

    def __repr__(self) -> str:
        """Return its name alone: its hours are long, and devices are printed when a test fails."""
        return f"Program({self.name!r})"


@frozen(eq=False)
class Programs:
    """The programmes of one kind of place, and what they are a fraction of (kW)."""

    rated_kw: float
    programs: tuple[Program, ...]

    def __deepcopy__(self, memo: object) -> "Programs":
        """Return itself: it never changes."""
        return self
