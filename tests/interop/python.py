"""amqtt, the embedded broker, as a broker that the service does not know to be its own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.interop.peer import Peer
from tests.mosquitto import PASSWORD, USERNAME, free_port


@contextmanager
def running_amqtt(folder: Path) -> Iterator[Peer]:
    """Run amqtt."""
    port = free_port()
    wanted = {"host": "127.0.0.1", "port": port, "username": USERNAME, "password": PASSWORD}

    def launch() -> subprocess.Popen[bytes]:
        with (folder / "out.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "iotmock.mqtt.embedded.broker"],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        assert process.stdin is not None
        process.stdin.write(json.dumps(wanted).encode() + b"\n")
        process.stdin.flush()
        return process

    yield from Peer.run("amqtt", port, launch, 20.0)
