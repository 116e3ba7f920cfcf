"""The registry that outlives the process."""

from iotmock.storage.ledger import FaultLedger
from iotmock.storage.registry import Registry, RegistryFileError

__all__ = ["FaultLedger", "Registry", "RegistryFileError"]
