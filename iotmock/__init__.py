"""A fleet of energy devices that do not exist."""

from iotmock.version import VERSION

__version__ = VERSION
