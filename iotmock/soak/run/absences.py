"""Who of a run was away from the broker, or died, and when they were back."""

from collections.abc import Callable

from attrs import define, field

from iotmock.soak.run.observer import Observer
from iotmock.soak.run.processes.workers import Workers, WorkerState
from iotmock.soak.shard.order import Progress


@define(eq=False)
class Absences:
    """Says each absence once, and its end; and once what a worker notes."""

    workers: Workers
    observer: Observer
    say: Callable[[str], None]
    _away: set[str] = field(factory=set)

    def look(self) -> None:
        """Say what has changed since the last look."""
        for state in self.workers:
            self._look_at(state)
        self._look_at_receiver()

    def _look_at(self, state: WorkerState) -> None:
        part, name = state.progress, f"worker {state.number}"
        for life, why in enumerate(state.why):
            self._turn(f"{name} dead {life}", True, f"{name} died: {why}", "")
        for note in part.notes:
            self._turn(f"{name} {note}", True, f"{name}: {note}", "")
        if not state.ended.is_set():
            self._look_at_connection(name, part)

    def _look_at_connection(self, name: str, part: Progress) -> None:
        down = part.connections > 0 and part.connected == 0
        reason = f": {part.last_error}" if part.last_error else ""
        lost = f"{name} lost the broker{reason}"
        self._turn(name, down, lost, f"{name} is connected again")

    def _look_at_receiver(self) -> None:
        receipts = self.observer.receipts
        if receipts is not None and not receipts.final:
            problem = f": {receipts.problem}" if receipts.problem else ""
            self._turn(
                "receiver",
                not receipts.connected,
                f"the receiver lost the broker{problem}",
                "the receiver is connected again",
            )

    def _turn(self, name: str, is_away: bool, lost: str, back: str) -> None:
        if is_away and name not in self._away:
            self._away.add(name)
            self.say(lost)
        elif not is_away and name in self._away:
            self._away.discard(name)
            self.say(back)
