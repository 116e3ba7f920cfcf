"""The trimmer: keeps the fault ledger from growing for ever."""

from collections.abc import Callable

import structlog
import trio
from attrs import define

from iotmock.actors.ports.ledger_file import TrimmedFile

log = structlog.get_logger()

_DAY_S = 86_400.0
_LONGEST_REST_S = 60.0
_REST_SHARE = 0.01
_BETWEEN_SLICES_S = 0.02
"""In which the ledger's writer gets the file, if it waits for it."""


@define(eq=False)
class Trimmer:
    """Deletes, a slice at a time, what of the ledger is older than `days` of simulated time.

    0 keeps all. `now` tells the time, Unix s.
    """

    file: TrimmedFile
    now: Callable[[], float]
    days: float

    async def run(self) -> None:
        """Trim again and again, until cancelled."""
        while self.days:
            await self._trim_or_tell()
            await trio.sleep(min(_LONGEST_REST_S, self.days * _DAY_S * _REST_SHARE))

    async def _trim_or_tell(self) -> None:
        try:
            await self._trim(self.now() - self.days * _DAY_S)
        except OSError as error:
            log.warning("the fault ledger can not be trimmed; will try again", reason=str(error))

    async def _trim(self, before: float) -> None:
        after = await self.file.trim(before, None)
        while after is not None:
            await trio.sleep(_BETWEEN_SLICES_S)
            after = await self.file.trim(before, after)
