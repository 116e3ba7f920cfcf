"""aedes over WebSocket, in each connection model; mosquitto's is in tests/service."""

from pathlib import Path

import pytest

from tests.interop.javascript import running_aedes
from tests.interop.test_matrix import MODELS, Fleet, check_command, check_data, check_retained
from tests.interop.witness import witness
from tests.mosquitto import PASSWORD, USERNAME, free_port, wait_listening
from tests.service.process import running_service


@pytest.mark.parametrize("model", MODELS)
def test_a_fleet_at_aedes_over_websocket(tmp_path: Path, model: str) -> None:
    port = free_port()
    with running_aedes(tmp_path, port) as peer:
        wait_listening(port)
        with running_service(
            tmp_path,
            MQTT_BROKER_URL=f"ws://{USERNAME}:{PASSWORD}@127.0.0.1:{port}/mqtt",
            MQTT_CONNECTIONS=model,
            SIMULATION_INTERVAL=0.5,
            DEFAULT_DEVICES="off",
            STATE_FILE=":memory:",
        ) as service:
            fleet = Fleet(1, service)
            body = {"device_type": "hvac", "name": "one", "device_id": fleet.device}
            assert service.request("POST", "/api/v1/devices", body)[0] == 201
            with witness(peer.port, "energy/#") as seen:
                assert check_data(seen, fleet) == 1
                check_command(seen, fleet)
            check_retained(peer, [fleet])
