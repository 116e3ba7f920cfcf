"""hatasmota in an environment of its own, as tests ask and use it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import define

from tests.foreign import running, skip_or_fail
from tests.mosquitto import PASSWORD, USERNAME
from tests.repository import ROOT
from tests.service.process import wait_until

_ENVIRONMENT = ROOT / "build" / "hatasmota"
_REQUIRED = "IOTMOCK_REQUIRE_HATASMOTA"
_INSIDE = Path(__file__).with_name("inside.py")


def python() -> Path:
    """Return the interpreter that has hatasmota, or skip the test with the reason."""
    found = _ENVIRONMENT / "bin" / "python"
    if not found.exists():
        skip_or_fail("hatasmota is not installed (make hatasmota)", _REQUIRED)
    return found


@define(eq=False)
class Listener:
    """A hatasmota that runs and looks for devices."""

    ask: Callable[..., Any]

    def wait(self, name: str, is_so: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Wait until an entity was told what it should be, and return all that it was told."""
        last: list[dict[str, Any] | None] = [None]

        def look() -> bool:
            last[0] = self.ask("states").get(name)
            return last[0] is not None and is_so(last[0])

        wait_until(look, 30, f"{name} in hatasmota, which was {last[0]} at last")
        assert last[0] is not None
        return last[0]


@contextmanager
def running_listener(folder: Path, port: int) -> Iterator[Listener]:
    """Start hatasmota on a broker, and end it with the block."""
    with running(python(), _INSIDE, folder / "hatasmota.log") as foreign:
        foreign.ask("setup", port=port, username=USERNAME, password=PASSWORD)
        yield Listener(foreign.ask)
