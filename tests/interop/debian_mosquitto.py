"""Debian's mosquitto, as one broker among others."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.interop.peer import Peer
from tests.mosquitto import Mosquitto, free_port, program


@contextmanager
def running_mosquitto_peer(folder: Path) -> Iterator[Peer]:
    """Run mosquitto."""
    broker = Mosquitto(folder, free_port())
    broker.configure()

    def launch() -> subprocess.Popen[bytes]:
        with (folder / "out.log").open("ab") as log:
            return subprocess.Popen(
                [program("mosquitto"), "-c", str(folder / "mosquitto.conf")],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    yield from Peer.run("mosquitto", broker.port, launch, 20.0)
