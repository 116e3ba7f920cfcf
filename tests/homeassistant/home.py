"""The real Home Assistant in an environment of its own, as tests ask and use it."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import define

from tests.foreign import running, skip_or_fail
from tests.mosquitto import PASSWORD, USERNAME
from tests.repository import ROOT
from tests.service.process import wait_until

ENVIRONMENT = ROOT / "build" / "homeassistant"
_REQUIRED = "IOTMOCK_REQUIRE_HOMEASSISTANT"
_INSIDE = Path(__file__).with_name("inside.py")


def python() -> Path:
    """Return the interpreter that has Home Assistant, or skip the test with the reason."""
    if not (ENVIRONMENT / ".installed").exists():
        why = "is not installed (make homeassistant)" if _has_its_python() else "needs Python 3.12"
        skip_or_fail(f"Home Assistant {why}", _REQUIRED)
    return ENVIRONMENT / "bin" / "python"


def _has_its_python() -> bool:
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    return bool(shutil.which("python3.12") or list(pyenv.glob("versions/3.12.*")))


@define(eq=False)
class Home:
    """A Home Assistant that runs and has its MQTT integration set up."""

    ask: Callable[..., Any]

    def states(self) -> dict[str, Any]:
        """Return its entities by their unique ids."""
        return dict(self.ask("states"))

    def state(self, unique_id: str) -> str | None:
        """Return the state of an entity, if it is there."""
        found = self.states().get(unique_id)
        return None if found is None else str(found["state"])

    def wait(self, unique_id: str, is_so: Callable[[str], bool], seconds: float = 30.0) -> str:
        """Wait until a state is what it should be, and return it."""
        shown: list[str | None] = [None]

        def look() -> bool:
            shown.append(self.state(unique_id))
            return shown[-1] is not None and is_so(shown[-1])

        wait_until(look, seconds, f"{unique_id} in Home Assistant")
        return str(shown[-1])

    def call(self, domain: str, service: str, unique_id: str, **data: Any) -> None:
        """Call a service for one of its entities, as a click does."""
        self.wait(unique_id, lambda _: True)
        entity_id = self.states()[unique_id]["entity_id"]
        self.ask("call", domain=domain, service=service, entity_id=entity_id, **data)


@contextmanager
def running_home(folder: Path, port: int) -> Iterator[Home]:
    """Start Home Assistant on a broker, and end it with the block."""
    (folder / "configuration.yaml").touch()
    with running(python(), _INSIDE, folder / "home.log", folder) as foreign:
        foreign.ask("setup", port=port, username=USERNAME, password=PASSWORD)
        yield Home(foreign.ask)
