"""The registry that outlives the process."""

from iotmock.storage.ledger import FaultLedger
from iotmock.storage.opening import FileInUseError, RegistryFileError
from iotmock.storage.registry import Registry

__all__ = ["FaultLedger", "FileInUseError", "Registry", "RegistryFileError"]
