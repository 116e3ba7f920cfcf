"""docs/how-to/pytest.md as it stands: its first test, and what it says afterwards."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.long(15)
PAGE = (Path(__file__).parents[2] / "docs/how-to/pytest.md").read_text(encoding="utf-8")
FIRST, *OTHERS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
CRY = """
import paho.mqtt.publish as publish

def cry(broker, device):
    login = {"username": broker.username, "password": broker.password}
    device.next_reading()
    publish.single(
        f"alarms/{device.device_id}", '{"level": 2}', 1,
        hostname=broker.host, port=broker.port, auth=login,
    )
"""


def test_its_first_test_is_twelve_lines_long_and_passes(pytester: pytest.Pytester) -> None:
    assert len(FIRST.splitlines()) == 12
    pytester.makepyfile(test_ingestion=FIRST)
    pytester.runpytest_subprocess("-q").assert_outcomes(passed=1)


def test_what_it_says_is_so(pytester: pytest.Pytester) -> None:
    devices, by_hand, alarm, asynchronous, *without = OTHERS
    pytester.makeini(
        re.findall(r"```ini\n(.*?)```", PAGE, re.DOTALL)[0].replace("influx", "native")
    )
    tests = {
        "devices": devices.replace("25.0", "0.0"),
        "by_hand": f"device = iotmock.device('hvac', interval=5.0)\n{by_hand}",
        "alarm": "device = iotmock.device()\n"
        + alarm.replace("device.next_reading()", "cry(broker, device)"),
    }
    text = CRY + "".join(
        f"\ndef test_{name}(iotmock, broker):\n    " + body.replace("\n", "\n    ")
        for name, body in tests.items()
    )
    without_pytest = "\n".join(without).replace("import iotmock\n", "import iotmock\n")
    pytester.makepyfile(
        test_others=text,
        test_asynchronous="import pytest\n\n@pytest.mark.trio\n" + asynchronous,
        test_without="def test_it():\n    " + without_pytest.replace("\n", "\n    "),
    )
    done = pytester.runpytest_subprocess("-q", "-p", "no:asyncio")
    done.assert_outcomes(passed=5)
