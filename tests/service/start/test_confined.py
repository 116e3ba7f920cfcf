"""The service as compose and the Dockerfile run it: a read-only root, no capability, one folder."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from attrs import define

from tests.mosquitto import free_port
from tests.patience import SLACK
from tests.service.process import Service, wait_until

ROOT = Path(__file__).parents[3]
# What `docker run --read-only --cap-drop ALL --security-opt no-new-privileges` does to a process.
READ_ONLY = (
    "mount --make-rprivate / && mount --bind {data} {data} && mount -o remount,ro,bind / && "
    'exec setpriv --no-new-privs --bounding-set=-all --inh-caps=-all -- "$@"'
)


def confine(data: Path) -> list[str]:
    """Return a command that confines the one after it to `data`, or skip the test."""
    if shutil.which("unshare") is None or shutil.which("setpriv") is None:
        pytest.skip("unshare and setpriv are not installed (Debian: util-linux)")
    command = ["unshare", "--mount", "sh", "-c", READ_ONLY.format(data=data), "sh"]
    refused = [*command, "touch", str(data.parent / "elsewhere")]
    if b"Read-only" not in subprocess.run(refused, capture_output=True, check=False).stderr:
        pytest.skip("this machine does not let a test mount its root read-only")
    return command


@define(eq=False)
class Confined(Service):
    """A service that can write nowhere but to its own folder's `data`."""

    def command(self) -> list[str]:
        return [*confine(self.folder / "data"), sys.executable, "-m", "iotmock", "serve"]


def healthcheck() -> str:
    """The Python that the image's HEALTHCHECK runs."""
    _, _, words = (ROOT / "Dockerfile").read_text().partition("HEALTHCHECK")
    command = json.loads(words.partition("CMD ")[2].partition("\n")[0])
    assert command[:2] == ["python", "-c"]
    return str(command[2])


def test_the_service_writes_only_to_its_data_and_is_healthy_with_a_token(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    environment = {
        "STATE_FILE": str(tmp_path / "data/iotmock.db"),
        "MQTT_EMBEDDED_BROKER": "off",
        "MQTT_BROKER_PORT": str(free_port()),
        "API_TOKEN": "s3cret",
        "FAULT_PROFILE": "harsh",
    }
    service = Confined(tmp_path, environment)
    service.start()
    try:
        wait_until((tmp_path / "data/iotmock.db").exists, 10, "a state file")
        assert service.request("GET", "/api/v1/devices")[0] == 401
        probe = [sys.executable, "-c", healthcheck()]
        port = {"PORT": str(service.port)}

        def is_well() -> bool:
            done = subprocess.run(probe, env=port, timeout=20 * SLACK, check=False)
            return done.returncode == 0

        wait_until(is_well, 20, "the health check passes")
        assert service.end() == 0
        assert "Traceback" not in service.log
        assert "can not be written" not in service.log
        assert {file.name for file in tmp_path.iterdir()} == {"data", "service.log"}
    finally:
        if service.process is not None:
            service.process.kill()
            service.process.wait()
