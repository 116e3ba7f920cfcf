"""The alarms of a run: heard as it goes, judged once the workers have said what was wrong."""

from collections.abc import Callable

import trio
from attrs import define, field

from iotmock.broker.place import Place
from iotmock.ledger.score import Truth
from iotmock.soak.alarms.hearing import Hearing, HearingError
from iotmock.soak.alarms.judging import Judging
from iotmock.soak.alarms.span import Judged
from iotmock.soak.report.measures import AlarmCheck
from iotmock.soak.run.commander import options_of
from iotmock.soak.run.error import SoakError
from iotmock.soak.run.processes.workers import Workers
from iotmock.soak.scenario.alarms import Alarms
from iotmock.soak.scenario.scenario import Scenario


@define(eq=False)
class AlarmJudge:
    """Does nothing where the scenario asks for no alarms."""

    scenario: Scenario
    run: str
    note: Callable[[str], None]
    _hearing: Hearing | None = field(init=False)

    def __attrs_post_init__(self) -> None:
        wanted, broker = self.scenario.verify.alarms, self.scenario.broker
        self._hearing = None
        if wanted is not None:
            options = options_of(self.scenario, f"{self.scenario.fleet.name}-{self.run}-alarms")
            place = Place(broker.host, broker.port, options)
            self._hearing = Hearing(wanted, place, self.note)

    async def listen(self, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Hear alarms until cancelled; started once every source is open.

        Raises:
            SoakError: they can not be heard.
        """
        if self._hearing is None:
            task_status.started()
            return
        try:
            await self._hearing.run(task_status)
        except HearingError as error:
            raise SoakError(str(error)) from error

    async def check(self, workers: Workers, duration_s: float) -> AlarmCheck | None:
        """Return how the alarms did, once the platform has had its time."""
        if self._hearing is None:
            return None
        if (error := _unknown(workers)) is not None:
            return AlarmCheck(alarms=len(self._hearing.gathered.alarms), error=error)
        await trio.sleep(self._hearing.wanted.wait)
        heard = self._hearing.gathered
        judging = self._judging(self._hearing.wanted, workers, duration_s)
        return judging.check(heard.alarms, heard.unreadable, heard.beyond)

    def _judging(self, wanted: Alarms, workers: Workers, duration_s: float) -> Judging:
        truths = [Truth(*row) for state in workers for row in state.faults]
        began = min(state.began for state in workers)
        judged = Judged.of(self.scenario, began, duration_s)
        return Judging(wanted, truths, judged)


def _unknown(workers: Workers) -> str | None:
    """Return why not all faults are known, if so: a dead worker has taken its ledger along."""
    for state in workers:
        if state.past or state.final is None:
            return f"worker {state.number} died, and with it what was wrong with its devices"
    return None
