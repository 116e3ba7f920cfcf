"""The registry that outlives the process."""

from iotmock.storage.ledger import FaultLedger
from iotmock.storage.opening import RegistryFileError
from iotmock.storage.registry import Registry

__all__ = ["FaultLedger", "Registry", "RegistryFileError"]
