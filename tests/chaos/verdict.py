"""The books are closed: every identity, and one line that says how it went."""

from collections.abc import Iterator

from attrs import define, field

from tests.chaos.rest_load import Book
from tests.chaos.watch import EnergyWatch

_MEMORY_GROWTH = 0.05
_LINES_A_SECOND = 1.0
_LOG_GRACE = 40
"""Lines that a start and an end may take."""
_USUAL = "[info "
_SHOWN = 10


@define(eq=False)
class Verdict:
    """`wrong` is what did not hold; `facts` is what the last line says."""

    wrong: list[str] = field(factory=list)
    facts: list[str] = field(factory=list)

    def add(self, fact: str, wrong: list[str]) -> None:
        self.facts.append(fact)
        self.wrong += wrong[:_SHOWN]
        if len(wrong) > _SHOWN:
            self.wrong.append(f"... and {len(wrong) - _SHOWN} more of these")

    def of_requests(self, book: Book) -> None:
        refused = f"{book.refused:,} refused by a full disk"
        gone = len(book.unanswered)
        self.add(
            f"{book.requests:,} requests: {len(book.errors)} answers of 500 and more, {refused}, "
            f"{gone} unanswered",
            [*book.errors, *book.unanswered],
        )

    def of_energy(self, watch: EnergyWatch, reborn: set[str]) -> None:
        fallen = watch.fallen(reborn)
        nothing = [] if watch.heard.is_set() else ["no reading came after the last act"]
        self.add(
            f"{watch.watched:,} readings watched ({watch.damaged:,} damaged on the way, "
            f"{watch.again:,} again), energy of {len(fallen)} devices fell",
            [*nothing, *fallen],
        )

    def of_messages(self, looks: int, off: list[str], last: str) -> None:
        wrong = [f"the books do not add up: {one}" for one in off]
        self.add(
            f"{last} ({looks:,} looks)", wrong if looks else ["nobody could look at the books"]
        )

    def of_memory(self, growth: tuple[float, float] | None) -> None:
        if growth is None:
            self.add("memory not judged: too short", [])
            return
        before, after = growth
        share = after / before - 1.0
        fact = f"memory {before:.1f} to {after:.1f} MB ({share:+.1%})"
        self.add(fact, [fact] if share > _MEMORY_GROWTH else [])

    def of_log(self, log: str, seconds: float) -> None:
        """Judge complaints alone: a line for each fleet that stands is what clients asked for."""
        complaints = sum(_USUAL not in line for line in log.splitlines())
        rate = max(0, complaints - _LOG_GRACE) / seconds
        fact = f"{complaints:,} complaints in {seconds:,.0f} s of log"
        self.add(fact, [*([fact] if rate > _LINES_A_SECOND else []), *_tracebacks(log)])

    def of_end(self, code: int | None, seconds: float, allowed_s: float) -> None:
        fact = f"SIGTERM: exit code {code} after {seconds:.1f} s"
        self.add(fact, [fact] if code != 0 or seconds > allowed_s else [])

    @property
    def line(self) -> str:
        """The summary, on one line."""
        word = "FAILED" if self.wrong else "PASSED"
        return f"chaos {word}: {'; '.join(self.facts)}"


def _tracebacks(log: str) -> Iterator[str]:
    lines = log.splitlines()
    for number, line in enumerate(lines, start=1):
        if "Traceback (most recent call last)" in line:
            yield f"a traceback in the log, line {number}"
