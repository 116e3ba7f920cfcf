"""When to give up what ends connections, and when to try it again."""

import trio
from attrs import define

from iotmock.mqtt import Session

_MOST = 2
_TRIED_BACK_S = 600.0


@define(eq=False)
class Strikes:
    """How many connections running have ended over one thing: after two it is out for a while."""

    _count: int = 0
    _until: float = 0.0

    @property
    def out(self) -> bool:
        """Whether it is to be left alone."""
        return self._count >= _MOST and trio.current_time() < self._until

    def add(self) -> None:
        """Note that a connection has ended over it."""
        self._count += 1
        self._until = trio.current_time() + _TRIED_BACK_S

    def put_out(self) -> None:
        """Note that the broker has refused it."""
        self._count = _MOST - 1
        self.add()

    def clear(self) -> None:
        """Note that it went well."""
        self._count = 0


@define(eq=False)
class LoweredQos:
    """Has a session try QoS 2 again, some time after the broker has turned out not to know it."""

    _until: float = 0.0

    def before_connect(self, session: Session) -> None:
        """Look at the session before a connection."""
        now = trio.current_time()
        if session.maximum_qos == 2:
            self._until = 0.0
        elif not self._until:
            self._until = now + _TRIED_BACK_S
        elif now > self._until:
            session.maximum_qos, self._until = 2, 0.0
