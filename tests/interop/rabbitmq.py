"""Debian's rabbitmq-server with its MQTT plugin, on free ports, with nothing outside its folder."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.interop.epmd import wait_forgotten
from tests.interop.peer import Peer, ended, required
from tests.mosquitto import PASSWORD, USERNAME, free_port, wait_listening

_SERVER = "/usr/lib/rabbitmq/bin/rabbitmq-server"  # the one on the PATH insists on its own user
_START_S = 60.0


@contextmanager
def running_rabbitmq(folder: Path) -> Iterator[Peer]:
    """Run a node of its own."""
    server, epmd = required("rabbitmq", _SERVER), required("rabbitmq", "epmd")
    folder.chmod(0o755)
    port, names = free_port(), free_port()
    (folder / "plugins").write_text("[rabbitmq_mqtt].\n")
    (folder / "rabbitmq.conf").write_text(_configuration(port))
    environment = _environment(folder, names)
    with ended(subprocess.Popen([epmd, "-address", "127.0.0.1", "-port", str(names)])):
        wait_listening(names)

        def launch() -> subprocess.Popen[bytes]:
            wait_forgotten(epmd, names)
            with (folder / "out.log").open("ab") as log:
                return subprocess.Popen(
                    [server], env=environment, stdout=log, stderr=log, start_new_session=True
                )

        yield from Peer.run("rabbitmq", port, launch, _START_S)


def _configuration(port: int) -> str:
    lines = (
        "listeners.tcp = none",
        f"mqtt.listeners.tcp.1 = 127.0.0.1:{port}",
        "mqtt.allow_anonymous = false",
        f"default_user = {USERNAME}",
        f"default_pass = {PASSWORD}",
    )
    return "\n".join(lines) + "\n"


def _environment(folder: Path, names: int) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_EPMD_PORT": str(names),
        "RABBITMQ_NODENAME": f"iotmock{names}@localhost",
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
    }
