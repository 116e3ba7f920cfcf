"""Debian's ejabberd with its MQTT module, on free ports, with nothing outside its folder."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.interop.epmd import wait_forgotten
from tests.interop.peer import Peer, ended, required
from tests.mosquitto import PASSWORD, USERNAME, free_port, wait_listening
from tests.patience import SLACK
from tests.service.process import wait_until

_START_S = 60.0
_CONFIGURATION = """
hosts: [localhost]
loglevel: warning
listen:
  - {{port: {port}, ip: "127.0.0.1", module: mod_mqtt, backlog: 1000}}
modules:
  mod_mqtt:
    access_publish: {{"#": [{{allow: all}}]}}
    access_subscribe: {{"#": [{{allow: all}}]}}
"""


@contextmanager
def running_ejabberd(folder: Path) -> Iterator[Peer]:
    """Run a node of its own, with the tests' user registered."""
    control, epmd = _control(folder), required("ejabberd", "epmd")
    port, names = free_port(), free_port()
    (folder / "ejabberd.yml").write_text(_CONFIGURATION.format(port=port))
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_EPMD_PORT": str(names),
    }
    command = [str(control), "-n", f"iotmock{names}@localhost", *_folders(folder)]
    with ended(subprocess.Popen([epmd, "-address", "127.0.0.1", "-port", str(names)])):
        wait_listening(names)

        def launch() -> subprocess.Popen[bytes]:
            wait_forgotten(epmd, names)
            with (folder / "out.log").open("ab") as log:
                return subprocess.Popen(
                    [*command, "foreground"],
                    env=environment,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )

        for peer in Peer.run("ejabberd", port, launch, _START_S):
            register = partial(_is_done, environment, *command, "register", USERNAME, "localhost")
            # It listens before it takes commands.
            wait_until(partial(register, PASSWORD), _START_S, "ejabberd has registered the user")
            yield peer


def _is_done(environment: dict[str, str], *command: str) -> bool:
    done = subprocess.run(
        command, env=environment, check=False, capture_output=True, timeout=60 * SLACK
    )
    return done.returncode == 0


def _control(folder: Path) -> Path:
    # Debian's script changes to a user who can not enter this folder; the copy does not.
    script = Path(required("ejabberd", "ejabberdctl")).read_text()
    control = folder / "ejabberdctl"
    control.write_text(re.sub(r"(?m)^INSTALLUSER=.*$", "INSTALLUSER=", script))
    control.chmod(0o755)
    return control


def _folders(folder: Path) -> list[str]:
    for name in ("spool", "logs"):
        (folder / name).mkdir()
    (folder / "inetrc").write_bytes(Path("/etc/ejabberd/inetrc").read_bytes())
    return ["-s", str(folder / "spool"), "-l", str(folder / "logs"), "-d", str(folder)]
