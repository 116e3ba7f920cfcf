"""A broker, a service and a browser for the tests of a file."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.mosquitto import PASSWORD, USERNAME, Mosquitto, running_mosquitto
from tests.service.process import Service, running_service
from tests.web.browser import Tab, opened_tab, running_chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    with running_mosquitto(tmp_path_factory.mktemp("broker")) as broker:
        yield broker


@pytest.fixture(scope="module")
def service(broker: Mosquitto, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    settings = {
        "MQTT_BROKER_HOST": "127.0.0.1",
        "MQTT_BROKER_PORT": broker.port,
        "MQTT_USERNAME": USERNAME,
        "MQTT_PASSWORD": PASSWORD,
        "SIMULATION_INTERVAL": "0.5",
    }
    with running_service(tmp_path_factory.mktemp("service"), **settings) as service:
        yield service


@pytest.fixture
def tab(browser: Browser, service: Service) -> Iterator[Tab]:
    with opened_tab(browser, service.port) as tab:
        yield tab
        assert tab.complaints == []
        assert not [url for url in tab.requests if not url.startswith((tab.url, "about:", "data:"))]
