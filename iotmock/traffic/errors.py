"""What keeps traffic from being recorded or played, in a sentence for the user."""

from pathlib import Path


class TrafficError(Exception):
    """It can not be recorded or played as was asked, and why."""


class TrafficFileError(TrafficError):
    """A file holds no recorded traffic, or can not take it."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
