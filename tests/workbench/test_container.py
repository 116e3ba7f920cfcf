"""The container as far as no engine is needed: what it is told, and where it is found."""

import pytest
from testcontainers.core import container as testcontainers

from iotmock.settings.reading import read_settings
from iotmock.workbench.container import Container


@pytest.fixture(autouse=True)
def _no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(testcontainers, "DockerClient", lambda **_: None)


def ports(container: Container) -> set[int]:
    return {int(port) for port in container.ports}


def placed(container: Container, monkeypatch: pytest.MonkeyPatch) -> Container:
    monkeypatch.setattr(container, "get_container_host_ip", lambda: "docker.example")
    monkeypatch.setattr(container, "get_exposed_port", lambda port: port + 30_000)
    return container


def test_it_brings_its_own_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    container = placed(Container(simulation_interval=1.0, default_devices=False), monkeypatch)
    settings = read_settings(dict(container.env), file=None)
    assert (settings.mqtt_embedded_broker, settings.mqtt_embedded_host) == ("on", "0.0.0.0")
    assert settings.simulation_interval == 1.0
    assert not settings.default_devices
    assert ports(container) == {8090, 1883}
    assert container.url == "http://docker.example:38090"
    assert container.broker.url == f"mqtt://iotmock:{settings.mqtt_password}@docker.example:31883"
    assert str(settings.mqtt_password) not in repr(container.broker)


def test_a_broker_of_yours_is_used() -> None:
    container = Container("registry.example/iotmock:1", broker="mqtt://me:secret@mosquitto:1884")
    settings = read_settings(dict(container.env), file=None)
    assert container.image == "registry.example/iotmock:1"
    assert (settings.mqtt_broker_host, settings.mqtt_broker_port) == ("mosquitto", 1884)
    assert ports(container) == {8090}


def test_a_setting_that_there_is_not_is_said() -> None:
    with pytest.raises(TypeError, match="there is no setting simulation_intervall"):
        Container(simulation_intervall=1.0)
