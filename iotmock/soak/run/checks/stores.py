"""The stores of `[verify]`: there before the run, and asked after it."""

from collections.abc import Mapping

from iotmock.soak.report.measures import StoreCheck
from iotmock.soak.run.error import SoakError
from iotmock.soak.run.processes.workers import Workers
from iotmock.soak.scenario.scenario import Scenario
from iotmock.soak.scenario.schedule import Schedule
from iotmock.soak.stores.sent import together
from iotmock.soak.stores.stored import StoreError
from iotmock.soak.stores.stores import ask_stores, check_stores


async def ask(scenario: Scenario) -> None:
    """Ask each for nothing much.

    Raises:
        SoakError: one does not answer as it must.
    """
    try:
        await ask_stores(scenario.verify)
    except StoreError as error:
        raise SoakError(str(error)) from error


async def check(
    scenario: Scenario, workers: Workers, sent: Mapping[str, int], begin: float, duration_s: float
) -> list[StoreCheck]:
    """Return what each has of what was sent from `begin`, Unix s."""
    marked = {device: count for state in workers for device, count in state.marked.items()}
    # Messages have the time of the simulation, which begins now and runs at its own speed.
    end = begin + Schedule(scenario).lived_s(duration_s)
    # Of a dead worker's devices nobody has said what they sent, so none is looked for.
    moments = together(state.moments for state in workers if state.final)
    return await check_stores(scenario.verify, sent, begin, end, spoiled=marked, moments=moments)
