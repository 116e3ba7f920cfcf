"""Several services on one broker are one fleet to whoever speaks MQTT (docs/how-to/scaling.md)."""

from pathlib import Path

from tests.mosquitto import Mosquitto, running_mosquitto
from tests.service.process import Service, command, running_service, subscribed, wait_until

QUICK = {"SIMULATION_INTERVAL": 0.2, "DEFAULT_DEVICES": "off"}


def settings(broker: Mosquitto, **others: object) -> dict[str, object]:
    return {"MQTT_BROKER_HOST": broker.host, "MQTT_BROKER_PORT": broker.port, **QUICK, **others}


def found(service: Service, name: str) -> str:
    body = {"name": name, "groups": [{"device_type": "hvac", "count": 2}]}
    assert service.request("POST", "/api/v1/fleets", body)[0] == 202
    where = f"/api/v1/fleets/{name}"
    wait_until(lambda: service.request("GET", where)[1]["state"] == "ready", 10, "it stands")
    return f"{name}-hvac-000002"


def received(service: Service) -> int:
    status = service.request("GET", "/api/v1/simulation/status")[1]
    return int(status["messages"]["commands"]["received"])


def test_each_hears_all_commands_and_carries_out_those_of_its_own(tmp_path: Path) -> None:
    folders = [tmp_path / "north", tmp_path / "south"]
    for folder in folders:
        folder.mkdir()
    with (
        running_mosquitto(tmp_path) as broker,
        running_service(folders[0], **settings(broker)) as north,
        running_service(folders[1], **settings(broker, PLATFORM_SYNC="off")) as south,
        subscribed(broker.port) as heard,
    ):
        ours, theirs = found(north, "north"), found(south, "south")
        heard.wait_for(lambda s: s.data(ours) and s.data(theirs))
        south.wait_connected()
        for service, device_id in ((north, ours), (south, theirs)):
            command(service, broker.port, device_id, "set_power", power=7.0)
        heard.wait_for(lambda s: s.results(ours) and s.results(theirs))
        wait_until(lambda: received(north) == received(south) == 2, 10, "each has heard both")
        assert [len(heard.results(each)) for each in (ours, theirs)] == [1, 1]
        assert north.device(ours)["base_power"] == south.device(theirs)["base_power"] == 7.0
        assert north.request("GET", f"/api/v1/devices/{theirs}")[0] == 404
