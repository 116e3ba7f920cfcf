"""The registry that outlives the process.

Read `registry.py` first, then `ledger.py`; `opening.py` is how both are opened. Knows the records
of the actors' ports and the model; the service knows it, and what reads its files: the doctor and
the ledger's commands.
"""

from iotmock.storage.ledger import FaultLedger
from iotmock.storage.opening import FileInUseError, RegistryFileError
from iotmock.storage.registry import Registry

__all__ = ["FaultLedger", "FileInUseError", "Registry", "RegistryFileError"]
