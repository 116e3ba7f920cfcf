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
def running_aedes(folder: Path) -> Iterator[Peer]:
    """Run aedes."""
    node = required("nodejs", "node")
    modules = Path(os.environ.get("AEDES_FOLDER", "build/node")).absolute() / "node_modules"
    if not (modules / "aedes").is_dir():
        skip(f"{modules} has no aedes (npm install --prefix build/node aedes)")
    port = free_port()

    def launch() -> subprocess.Popen[bytes]:
        with (folder / "out.log").open("ab") as log:
            return subprocess.Popen(
                [node, str(_SCRIPT), str(port), USERNAME, PASSWORD],
                env={"PATH": os.environ["PATH"], "NODE_MODULES": str(modules)},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    yield from Peer.run("aedes", port, launch, 20.0)
