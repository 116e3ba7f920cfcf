"""A batch: each operation is carried out for itself, and answered as a request of its own."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from attrs import define, field
from msgspec import UNSET

from iotmock.actors.errors import ActorError
from iotmock.actors.routers.side_by_side import side_by_side
from iotmock.actors.system import System
from iotmock.model.family import UnknownDeviceTypeError, UnknownProfileError
from iotmock.model.spec import InvalidFieldError
from iotmock.rest import problems
from iotmock.rest.answers import Device
from iotmock.rest.many.bodies import BatchAnswer, BatchOperation, OperationResult
from iotmock.rest.problems import Problem

_REFUSALS = (ActorError, InvalidFieldError, UnknownDeviceTypeError, UnknownProfileError)


@define(eq=False)
class BatchRun:
    """Operations of one device follow each other; those of different devices go side by side."""

    system: System
    operations: Sequence[BatchOperation]
    _results: dict[int, OperationResult] = field(factory=dict)

    async def run(self) -> BatchAnswer:
        """Carry everything out, and return what became of each."""
        await side_by_side(list(self._lanes()), self._follow)
        results = [self._results[place] for place in range(len(self.operations))]
        failed = sum(result.problem is not UNSET for result in results)
        return BatchAnswer(len(results) - failed, failed, results)

    def _lanes(self) -> Iterable[list[int]]:
        lanes = defaultdict[object, list[int]](list)
        for place, operation in enumerate(self.operations):
            named = operation.device_id is not UNSET
            lanes[operation.device_id if named else place].append(place)
        return lanes.values()

    async def _follow(self, lane: list[int]) -> None:
        for place in lane:
            operation = self.operations[place]
            try:
                self._results[place] = await self._carry_out(operation)
            except _REFUSALS as error:
                problem, device_id = _problem_of(error), operation.device_id or None
                self._results[place] = OperationResult(
                    operation.op, device_id, problem.status, problem=problem
                )

    async def _carry_out(self, operation: BatchOperation) -> OperationResult:
        supervisor, device_id = self.system.supervisor, operation.device_id or None
        if operation.op == "create":
            device = await supervisor.create(device_id=device_id, **operation.fields)
            return self._result(operation, 201, Device.of(device, self.system))
        if operation.op == "update":
            device = await supervisor.update(str(device_id), **operation.fields)
            return self._result(operation, 200, Device.of(device, self.system))
        await supervisor.delete(str(device_id))
        return OperationResult(operation.op, device_id, 204)

    def _result(self, operation: BatchOperation, status: int, device: Device) -> OperationResult:
        return OperationResult(operation.op, device.device_id, status, device)


def _problem_of(error: Exception) -> Problem:
    match error:
        case ActorError():
            return problems.of_actor(error)
        case InvalidFieldError():
            return problems.of_field(error)
        case UnknownProfileError():
            return problems.of_profile(error)
        case UnknownDeviceTypeError():
            return problems.of_type(error)
    raise error
