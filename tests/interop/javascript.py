"""aedes, a broker in JavaScript: from npm, under the folder that AEDES_FOLDER names."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.interop.peer import Peer, required, skip
from tests.mosquitto import PASSWORD, USERNAME, free_port

_SCRIPT = Path(__file__).with_name("aedes.mjs")


@contextmanager
def running_aedes(folder: Path, websocket_port: int | None = None) -> Iterator[Peer]:
    """Run aedes, perhaps with a listener for WebSocket at /mqtt."""
    node = required("nodejs", "node")
    modules = Path(os.environ.get("AEDES_FOLDER", "build/node")).absolute() / "node_modules"
    for package in ("aedes", "ws"):
        if not (modules / package).is_dir():
            skip(f"{modules} has no {package} (npm install --prefix build/node aedes ws)")
    port = free_port()
    more = [] if websocket_port is None else [str(websocket_port)]

    def launch() -> subprocess.Popen[bytes]:
        with (folder / "out.log").open("ab") as log:
            return subprocess.Popen(
                [node, str(_SCRIPT), str(port), USERNAME, PASSWORD, *more],
                env={"PATH": os.environ["PATH"], "NODE_MODULES": str(modules)},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    yield from Peer.run("aedes", port, launch, 20.0)
