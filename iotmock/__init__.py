"""A fleet of energy devices that do not exist.

The way in, to be read in this order: `model/` (what a device is), `actors/` (what lives), `mqtt/`
and `wire/` (how it is sent), `storage/` (what outlives it), `rest/` (how it is asked), `service/`
(all of it started), `cli/` (from where people start it). `soak/` tests with it, `demo/` shows it,
`doctor/` finds what it lacks, `client/` is a client of it, `workbench/` runs it within programs and
tests, `history/` and `ledger/` work without it; what is left are rooms that these share.

Each room's `__init__.py` says what it is for, which file to read first and who may know it;
docs/explanation/architecture.md has them all on one page. Three files stand at the root because no
room has them for itself: `__main__.py`, where a process begins; `version.py`, which the package's
build reads too; `signals.py`, by which every command that runs for long ends in order.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from iotmock.version import VERSION

if TYPE_CHECKING:
    from iotmock.client import AsyncClient, AsyncDevice, Client, Device, RefusedError
    from iotmock.workbench.run import run
    from iotmock.workbench.simulate import simulate

__all__ = ["AsyncClient", "AsyncDevice", "Client", "Device", "RefusedError", "run", "simulate"]
__version__ = VERSION
_ROOMS = {"run": "iotmock.workbench.run", "simulate": "iotmock.workbench.simulate"}


def __getattr__(name: str) -> Any:
    # The command line starts without what programs use.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_ROOMS.get(name, "iotmock.client")), name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
