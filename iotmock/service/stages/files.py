"""The two files of a service, open for as long as a block lasts."""

from collections.abc import Iterator
from contextlib import contextmanager

from iotmock.model.family import Catalogue
from iotmock.settings.settings import Settings
from iotmock.settings.state_files import ledger_path
from iotmock.storage import FaultLedger, Registry


@contextmanager
def open_registry(settings: Settings, catalogue: Catalogue) -> Iterator[Registry]:
    """Open STATE_FILE.

    Raises:
        RegistryFileError: it can not be used, and why.
    """
    file = Registry.open(settings.state_file, catalogue.check)
    try:
        yield file
    finally:
        file.close()


@contextmanager
def open_ledger(settings: Settings) -> Iterator[FaultLedger]:
    """Open the file of the fault ledger.

    Raises:
        RegistryFileError: it can not be used, and why.
    """
    file = FaultLedger.open(ledger_path(settings))
    try:
        yield file
    finally:
        file.close()
