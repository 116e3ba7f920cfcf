"""From a request on a row of the table to its answer, and to what the journal says of it."""

from functools import partial
from typing import Any

from attrs import frozen
from quart import request

from iotmock.rest.handle.happenings import Happenings
from iotmock.rest.handle.idempotency import HEADER, Idempotency
from iotmock.rest.intake.bodies import read_body, read_query
from iotmock.rest.operation import Answer, Operation


@frozen
class Handling:
    """Reads a request, has it carried out, once for each key, and tells of it."""

    idempotency: Idempotency
    happenings: Happenings

    async def answer(self, operation: Operation, arguments: dict[str, Any]) -> Answer:
        """Return the answer; `arguments` are those of the path.

        Raises:
            Exception: what a handler raises, and what is wrong with the request.
        """
        try:
            answer = await self._carry_out(operation, arguments)
        except Exception as error:
            self.happenings.refused(operation, arguments, error)
            raise
        self.happenings.done(operation, arguments, answer)
        return answer

    async def _carry_out(self, operation: Operation, arguments: dict[str, Any]) -> Answer:
        if operation.query:
            arguments["query"] = read_query(operation.query, operation.lists)
        if operation.body:
            arguments["body"] = await read_body(
                operation.body, operation.check, operation.media_types
            )
        handle = partial(operation.handler, **arguments)
        key = request.headers.get(HEADER) if operation.method == "POST" else None
        if key is None:
            return await handle()
        return await self.idempotency.answer(key, arguments, handle)
