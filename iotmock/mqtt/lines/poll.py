"""Which of many files have something to read: through epoll where there is one."""

import select
import selectors
import sys

if sys.platform == "linux":

    class Poll:
        """epoll, and no `selectors` above it: that makes three objects for every file it names."""

        def __init__(self) -> None:
            self._epoll = select.epoll()

        def fileno(self) -> int:
            """Return what can itself be waited for."""
            return self._epoll.fileno()

        def register(self, file: int) -> None:
            """Look at a file from now on."""
            self._epoll.register(file, select.EPOLLIN)

        def unregister(self, file: int) -> None:
            """Look at it no more."""
            self._epoll.unregister(file)

        def ready(self) -> list[int]:
            """Return files that can be read now, a thousand at most."""
            return [file for file, _ in self._epoll.poll(0)]

else:

    class Poll:
        """The same through `selectors`, as with kqueue."""

        def __init__(self) -> None:
            self._selector = selectors.DefaultSelector()

        def fileno(self) -> int:
            """Return what can itself be waited for."""
            return self._selector.fileno()

        def register(self, file: int) -> None:
            """Look at a file from now on."""
            self._selector.register(file, selectors.EVENT_READ)

        def unregister(self, file: int) -> None:
            """Look at it no more."""
            self._selector.unregister(file)

        def ready(self) -> list[int]:
            """Return files that can be read now."""
            return [key.fd for key, _ in self._selector.select(0)]
