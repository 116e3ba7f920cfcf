"""The registry that outlives the process."""

from iotmock.storage.registry import Registry, RegistryFileError

__all__ = ["Registry", "RegistryFileError"]
