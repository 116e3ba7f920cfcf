"""The tap on the readings: open only while somebody wants some, so that else they cost nothing."""

from collections.abc import Callable
from typing import Protocol

from attrs import define

from iotmock.actors.messages import Outgoing

Tell = Callable[[Outgoing], None]


class Outlet(Protocol):
    """Where the readings of all devices go out."""

    send: Tell


@define(eq=False)
class Tap:
    """Puts itself between the devices and the carrier, and takes itself out again."""

    hear: Tell
    """Is told of every reading while it is open."""
    _outlet: Outlet | None = None
    _straight: Tell | None = None

    def fit(self, outlet: Outlet) -> None:
        """Sit at this outlet from now on."""
        self._outlet, self._straight = outlet, outlet.send

    def turn(self, *, wanted: bool) -> None:
        """Open or close it."""
        if self._outlet is not None and self._straight is not None:
            self._outlet.send = self._through if wanted else self._straight

    def _through(self, message: Outgoing) -> None:
        assert self._straight is not None, "it is open, so it is fitted"  # noqa: S101
        self._straight(message)
        self.hear(message)
