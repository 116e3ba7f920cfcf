"""A fleet of energy devices that do not exist."""

__version__ = "0.1.0"
