"""`iotmock serve` with options: each is the variable it overrides."""

import inspect
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from iotmock.cli import app
from iotmock.cli.broker_option import broker_variables
from iotmock.cli.commands.serve import serve
from iotmock.settings.reading import read_settings
from tests.mosquitto import free_port
from tests.service.process import Service, wait_until

CLI = CliRunner()
VARIABLES = {
    "--port": "PORT",
    "--host": "HOST",
    "--interval": "SIMULATION_INTERVAL",
    "--seed": "FLEET_SEED",
    "--sites": "SITES",
    "--fleet": "FLEET",
    "--log-level": "LOG_LEVEL",
}
BROKER = ("MQTT_BROKER_HOST", "MQTT_BROKER_PORT", "MQTT_BROKER_URL")


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def served(*arguments: str, **environment: str) -> Result:
    return CLI.invoke(app, ["serve", *arguments], env=environment)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--port", "http"),
        ("--port", "70000"),
        ("--host", ""),
        ("--interval", "0"),
        ("--seed", "-1"),
        ("--fleet", "hvac"),
        ("--log-level", "loud"),
    ],
)
def test_a_bad_value_is_refused_as_that_of_the_variable(option: str, value: str) -> None:
    name = VARIABLES[option]
    of_variable = served(**{name: value})
    of_option = served(option, value, **{name: "8"})
    assert of_option.stderr == of_variable.stderr
    assert of_option.stderr.startswith(f"iotmock: {name}={value} is not allowed: ")
    assert of_option.stderr.count("\n") == 1
    assert of_option.exit_code == of_variable.exit_code == 2


@pytest.mark.parametrize(
    ("broker", "line"),
    [
        ("a b", "MQTT_BROKER_HOST=a b is not allowed: a host name"),
        ("localhost:mqtt", "MQTT_BROKER_PORT=mqtt is not allowed: a whole number from 1 to 65535"),
        ("localhost:", "MQTT_BROKER_PORT= is not allowed: a whole number from 1 to 65535"),
        ("user:hunter2@host:1883", "MQTT_BROKER_HOST=(hidden) is not allowed: a host name"),
        ("http://localhost", "MQTT_BROKER_URL=(hidden) is not allowed: mqtt://, mqtts://"),
    ],
)
def test_a_broker_that_is_none_is_one_line_with_its_variable(broker: str, line: str) -> None:
    done = served("--broker", broker)
    assert done.stderr.startswith(f"iotmock: {line}")
    assert (done.stderr.count("\n"), done.exit_code) == (1, 2)


@pytest.mark.parametrize(
    ("broker", "host", "port"),
    [
        ("b.example", "b.example", 2883),
        ("b.example:1884", "b.example", 1884),
        ("::1", "::1", 2883),
        ("[::1]:1884", "::1", 1884),
        ("[::1]", "::1", 2883),
        ("mqtt://b.example", "b.example", 1883),
        ("mqtts://b.example:8884", "b.example", 8884),
    ],
)
def test_a_broker_overrides_single_variables(broker: str, host: str, port: int) -> None:
    single = {"MQTT_BROKER_HOST": "other.example", "MQTT_BROKER_PORT": "2883"}
    settings = read_settings({**single, **broker_variables(broker)})
    assert (settings.mqtt_broker_host, settings.mqtt_broker_port) == (host, port)
    assert settings.mqtt_tls == broker.startswith("mqtts")


def test_a_broker_overrides_the_whole_of_a_url() -> None:
    url = {"MQTT_BROKER_URL": "wss://other.example:2883/x"}
    settings = read_settings({**url, **broker_variables("b.example")})
    assert (settings.mqtt_broker_host, settings.mqtt_broker_port) == ("b.example", 1883)
    assert (settings.mqtt_tls, settings.mqtt_transport) == (False, "tcp")


def test_a_file_of_variables_that_is_not_there_is_said() -> None:
    done = served("--env-file", "prod.env")
    line = "iotmock: prod.env can not be read: there is no such file; check the path\n"
    assert (done.stderr, done.exit_code) == (line, 2)


def test_the_help_names_the_variable_of_every_option() -> None:
    text = re.sub(r"\s+", " ", served("--help").output)
    assert set(inspect.signature(serve).parameters) == {
        option.removeprefix("--").replace("-", "_")
        for option in (*VARIABLES, "--broker", "--env-file")
    }
    options = re.split(r" (?=--)", text)
    for option, name in VARIABLES.items():
        assert any(re.match(rf"{option} .*\b{name}\b", part) for part in options), option
    assert all(name in text for name in BROKER)


def test_options_win_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    port, broker = free_port(), free_port()
    (tmp_path / "prod.env").write_text("SIMULATION_INTERVAL=7\nFLEET_SEED=x\nLOG_LEVEL=debug\n")
    (tmp_path / ".env").write_text("this is not read")
    bad = {"PORT": "http", "HOST": "", "MQTT_BROKER_PORT": "1", "FLEET": "hvac", "LOG_LEVEL": "x"}
    service = Service(tmp_path, bad, port)
    service.arguments = ("--env-file", "prod.env", "--port", str(port), "--host", "127.0.0.1")
    service.arguments += ("--broker", f"127.0.0.1:{broker}", "--fleet", "hvac=2", "--seed", "7")
    service.arguments += ("--log-level", "warning")
    try:
        service.start()
        assert service.status()["interval"] == 7
        assert service.request("GET", "/api/v1/fleets/cli")[1]["seed"] == 7
        wait_until(lambda: service.total() == 2, 20, "the fleet is there")
        assert service.device("cli-hvac-000002")["device_type"] == "hvac"
        assert service.status()["mqtt"]["broker"] == f"127.0.0.1:{broker}"
        assert " [info " not in service.log
    finally:
        if service.process is not None:
            service.process.kill()
            service.process.wait()
