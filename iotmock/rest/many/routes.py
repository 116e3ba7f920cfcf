"""The routes of requests for many devices."""

from collections.abc import Awaitable, Callable, Iterator

from attrs import frozen

from iotmock.actors.errors import ActorError
from iotmock.actors.messages import CommandRequest, CommandResult
from iotmock.actors.routers.side_by_side import side_by_side
from iotmock.actors.system import System
from iotmock.rest.many.batch import BatchRun
from iotmock.rest.many.bodies import (
    MOST_LISTED,
    Batch,
    BatchAnswer,
    CommandForMany,
    CommandResults,
    DeletedDevices,
    Failure,
    ManySelector,
    SelectorQuery,
    check_batch,
    nobody_chosen,
    selector_of,
)
from iotmock.rest.operation import Answer, Operation
from iotmock.rest.problems import Fault, InvalidRequestError

_ALL = "/api/v1/devices"
MOST_CHOSEN = 10_000
"""Devices of one request: some seconds of work."""


@frozen
class ManyRoutes:
    """The fleet, many devices at a time."""

    system: System

    def operations(self) -> Iterator[Operation]:
        """Yield the rows of the table."""
        yield Operation(
            "POST", f"{_ALL}:batch", self.batch_devices, BatchAnswer, body=Batch, check=check_batch
        )
        yield Operation(
            "POST", f"{_ALL}/command", self.command_devices, CommandResults,
            body=CommandForMany, problems=(404,),
        )  # fmt: skip
        yield Operation(
            "DELETE", _ALL, self.delete_devices, DeletedDevices,
            query=SelectorQuery, problems=(404,),
        )  # fmt: skip

    async def batch_devices(self, body: Batch) -> Answer:
        """Make, change and delete up to 500 devices; each operation has its own result.

        A body that is not in order is refused whole, and nothing is done. What is in order is
        carried out operation by operation: one that fails changes nothing about the others.
        """
        return Answer(await BatchRun(self.system, body.operations).run())

    async def command_devices(self, body: CommandForMany) -> Answer:
        """Have up to 10,000 devices carry out a command, and get what became of it."""
        request = CommandRequest(body.command, body.parameters, body.id)
        results: list[CommandResult] = []

        async def command(device_id: str) -> None:
            results.append(await self.system.supervisor.command(device_id, request))

        failures = await self._for_each(await self._chosen(body.selector, "selector"), command)
        applied = sum(result.status == "applied" for result in results)
        counts = applied, len(results) - applied, len(failures)
        return Answer(CommandResults(*counts, results[:MOST_LISTED], failures[:MOST_LISTED]))

    async def delete_devices(self, query: SelectorQuery) -> Answer:
        """Delete up to 10,000 devices; whoever chooses none by accident deletes none."""
        ids = await self._chosen(query, "query")
        failures = await self._for_each(ids, self.system.supervisor.delete)
        counts = len(ids) - len(failures), len(failures)
        return Answer(DeletedDevices(*counts, failures[:MOST_LISTED]))

    async def _chosen(self, given: ManySelector | SelectorQuery, name: str) -> list[str]:
        selector = selector_of(given)
        if selector is None:
            raise InvalidRequestError([nobody_chosen(name)])
        ids = await selector.ids_of(self.system.supervisor)
        if len(ids) > MOST_CHOSEN:
            much = f"chooses {len(ids):,} devices, and {MOST_CHOSEN:,} are the most; give a share"
            raise InvalidRequestError([Fault(name, much)])
        return ids

    async def _for_each(
        self, ids: list[str], deed: Callable[[str], Awaitable[None]]
    ) -> list[Failure]:
        failures: list[Failure] = []

        async def do(device_id: str) -> None:
            try:
                await deed(device_id)
            except ActorError as error:
                failures.append(Failure(device_id, str(error)))

        await side_by_side(ids, do)
        return failures
