"""The plugin as a project uses it that tests its ingestion: pytest within pytest."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.service.process import wait_until

pytestmark = pytest.mark.long(40)
ALONE = ("-p", "no:randomly", "-p", "no:cacheprovider", "-q")
A_DAY = """
def test_a_reading(iotmock):
    device = iotmock.device("hvac", base_power=20.0)
    assert device.next_reading().power <= 20.0 * 1.5

def test_time_by_hand(iotmock):
    device = iotmock.device("server", interval=5.0)
    with iotmock.by_hand():
        before = device.reading().energy
        done = iotmock.step(3600)
        assert done.acknowledged >= 720
        assert device.reading().energy > before

def test_a_fault_is_over_with_its_block(iotmock):
    device = iotmock.device("hvac")
    with device.fault("stuck", what="all"):
        assert iotmock.client.list_device_faults(device.device_id).faults[0].state == "active"
    assert iotmock.client.list_device_faults(device.device_id).faults == []

def test_nobody_elses_devices_are_there(iotmock):
    assert iotmock.client.list_devices().total == 0
"""
ALARMS = """
import subprocess, pytest

def cry(broker, topic, text):
    place = ["-h", broker.host, "-p", str(broker.port)]
    login = ["-u", broker.username, "-P", broker.password]
    subprocess.run(["mosquitto_pub", *place, *login, "-t", topic, "-m", text], check=True)

def test_an_alarm_comes(iotmock, broker):
    with iotmock.expect_alarm("alarms/#", where=lambda alarm: alarm.json()["level"] > 1) as alarm:
        cry(broker, "alarms/a", '{"level": 1}')
        cry(broker, "alarms/b", '{"level": 2}')
    assert (alarm.topic, alarm.json()) == ("alarms/b", {"level": 2})

def test_no_alarm_comes(iotmock):
    with pytest.raises(AssertionError, match="no alarm on alarms/# within 0.2 s"):
        with iotmock.expect_alarm("alarms/#", within=0.2):
            pass
"""
ASYNCHRONOUS = """
import pytest
{imports}
{mark}
async def test_it(iotmock):
    made = iotmock.device("lighting")
    async with iotmock.async_client() as client:
        device = client.device(made.device_id)
        async with device.fault("stuck"):
            assert (await device.next_reading()).device_id == made.device_id
"""
SHORT = """
[[fleet.group]]
name = "a"
device_type = "hvac"
count = 5

[load]
duration = "4s"
interval = 1

[thresholds]
loss = 0
latency_p99_ms = 0.001
load_shortfall = 1.0
lateness_p99_ms = 60000
"""
MANY = """
import pathlib, pytest

@pytest.mark.parametrize("number", range({count}))
def test_it(iotmock, number):
    pathlib.Path("pids", str(iotmock.service.process.pid)).touch()
    device = iotmock.device("hvac", device_id="the-same-in-each-worker")
    assert device.reading().energy < 0.1
    if {hangs} and number % 50 == 49:
        pathlib.Path("hanging", str(number)).touch()
        import time; time.sleep(600)
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makeini("[pytest]\niotmock_settings =\n    simulation_interval=0.5\n")
    return pytester


def test_devices_time_and_faults(project: pytest.Pytester) -> None:
    project.makepyfile(A_DAY)
    project.runpytest_subprocess(*ALONE).assert_outcomes(passed=4)


def test_alarms_are_waited_for(project: pytest.Pytester) -> None:
    project.makepyfile(ALARMS)
    project.runpytest_subprocess(*ALONE).assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("imports", "mark", "options"),
    [
        ("", "@pytest.mark.trio", ("-p", "no:asyncio")),
        ("", "@pytest.mark.asyncio", ("-p", "no:trio")),
    ],
    ids=["trio", "asyncio"],
)
def test_asynchronous_tests(
    project: pytest.Pytester, imports: str, mark: str, options: tuple[str, ...]
) -> None:
    project.makepyfile(ASYNCHRONOUS.format(imports=imports, mark=mark))
    project.runpytest_subprocess(*ALONE, *options).assert_outcomes(passed=1)


def test_a_setting_that_is_none_is_said_once(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\niotmock_settings = simulation_interval\n")
    pytester.makepyfile("def test_it(iotmock): pass")
    done = pytester.runpytest_subprocess(*ALONE)
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*iotmock_settings: 'simulation_interval' must be NAME=VALUE*"])


def test_what_a_soak_test_says_stands_below_the_failure(pytester: pytest.Pytester) -> None:
    (Path(pytester.path) / "short.toml").write_text(SHORT)
    pytester.makepyfile(
        "def test_it(iotmock_soak):\n"
        "    verdict = iotmock_soak('short.toml')\n"
        "    assert verdict.report\n"
        "    assert verdict.passed"
    )
    done = pytester.runpytest_subprocess(*ALONE)
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["*assert verdict.passed*", "*iotmock soak*", "*broken latency*"])


DEAD = """
import os, signal

def test_the_service_is_killed(iotmock):
    iotmock.device("hvac")
    os.kill(iotmock.service.process.pid, signal.SIGKILL)
    iotmock.service.process._program.wait()

def test_another(iotmock):
    pass
"""


def test_a_service_that_has_ended_is_said_in_a_line(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(DEAD)
    done = pytester.runpytest_subprocess(*ALONE)
    done.assert_outcomes(passed=1, errors=1)
    done.stdout.fnmatch_lines(["*the service has ended with -9; its last line: *"])


def pids(pytester: pytest.Pytester) -> list[int]:
    return [int(one.name) for one in (Path(pytester.path) / "pids").iterdir()]


def are_gone(pytester: pytest.Pytester) -> bool:
    return not any(Path(f"/proc/{pid}").exists() for pid in pids(pytester))


def many(pytester: pytest.Pytester, count: int, *, hangs: bool) -> None:
    pytester.makepyfile(MANY.format(count=count, hangs=hangs))
    for name in ("pids", "hanging"):
        pytester.mkdir(name)


def test_workers_side_by_side_have_each_their_own(pytester: pytest.Pytester) -> None:
    many(pytester, 40, hangs=False)
    pytester.runpytest_subprocess(*ALONE, "-n", "3").assert_outcomes(passed=40)
    assert len(pids(pytester)) == 3
    wait_until(lambda: are_gone(pytester), 10, "their services have ended")


def test_workers_that_are_killed_leave_nothing_behind(pytester: pytest.Pytester) -> None:
    many(pytester, 100, hangs=True)
    command = [sys.executable, "-m", "pytest", *ALONE, "-n", "2"]
    with subprocess.Popen(command, cwd=pytester.path, start_new_session=True) as run:
        hanging = Path(pytester.path) / "hanging"
        wait_until(lambda: len(list(hanging.iterdir())) == 2, 60, "two tests hang")
        os.killpg(run.pid, signal.SIGKILL)
    wait_until(lambda: are_gone(pytester), 20, "their services have ended")
