"""From a scenario to the settings of the service that runs a shard."""

from iotmock.model.site.places.countries import place_of
from iotmock.model.site.places.place import Country
from iotmock.settings.reading import read_settings
from iotmock.settings.settings import Settings
from iotmock.soak.scenario.scenario import Scenario
from iotmock.soak.shard.order import ShardOrder

SHUTDOWN_S = 10.0
_SWITCH = {True: "on", False: "off"}


def settings_of(order: ShardOrder) -> Settings:
    """Return the settings; nothing of the process's own environment is among them.

    Raises:
        SettingsError: the scenario has a value that the service does not take.
    """
    scenario = order.scenario
    environment = {**_of_broker(scenario), **_of_fleet(scenario), **_of_load(scenario)}
    environment |= _of_country(scenario.fleet.where)
    environment |= {
        "HOST": "127.0.0.1",
        "PORT": "0",
        "MQTT_CLIENT_ID": client_id_of(scenario, order.run, order.number),
        "SPARKPLUG_NODE": client_id_of(scenario, order.run, order.number),
        "MQTT_STAMP": scenario.verify.stamp,
        "MQTT_STAMP_RUN": order.stamp_run,
        "MQTT_EMBEDDED_BROKER": "off",
        "STATE_FILE": ":memory:",
        "DEFAULT_DEVICES": "false",
        "PLATFORM_SYNC": "off",
        "SHUTDOWN_TIMEOUT": f"{SHUTDOWN_S}",
    }
    return read_settings(environment, file=None)


def client_id_of(scenario: Scenario, run: str, number: int) -> str:
    """Return the client id of a shard's connection; those of a pool add their own number."""
    return f"{scenario.fleet.name}-{run}-{number}"


def pool_size(scenario: Scenario) -> int:
    """Return how many connections the pool of a shard has; 0 without one."""
    model, _, count = scenario.fleet.connections.partition(":")
    return int(count) if model == "pool" else 0


def _of_broker(scenario: Scenario) -> dict[str, str]:
    broker = scenario.broker
    return {
        "MQTT_BROKER_HOST": broker.host,
        "MQTT_BROKER_PORT": str(broker.port),
        "MQTT_USERNAME": broker.username or "",
        "MQTT_PASSWORD": broker.password or "",
        "MQTT_CREDENTIALS": broker.credentials_file or "",
        "MQTT_PROTOCOL": broker.protocol,
        "MQTT_TRANSPORT": broker.transport,
        "MQTT_WEBSOCKET_PATH": broker.websocket_path,
        "MQTT_KEEP_ALIVE": str(broker.keep_alive),
        "MQTT_TLS": _SWITCH[broker.tls],
        "MQTT_TLS_CA": broker.tls_ca or "",
        "MQTT_TLS_CERT": broker.tls_cert or "",
        "MQTT_TLS_KEY": broker.tls_key or "",
    }


def _of_fleet(scenario: Scenario) -> dict[str, str]:
    fleet = scenario.fleet
    return {
        "FLEET_SEED": str(fleet.seed),
        "FAULT_PROFILE": fleet.faults_profile,
        "DIALECT": fleet.dialect,
        "FAULT_TOPIC": _SWITCH[fleet.fault_topic],
        "MQTT_CONNECTIONS": fleet.connections,
        "MQTT_CONNECT_RATE": str(max(1, round(fleet.connect_rate))),
        "MQTT_BIND_ADDRESSES": ",".join(fleet.bind_addresses),
    }


def _of_country(country: Country | None) -> dict[str, str]:
    if country is None:
        return {}
    kept = {"SITE_COUNTRY": country.code, "SITE_REGION": country.region}
    place = place_of(country)
    if place is None:
        return kept
    return kept | {
        "SITE_LATITUDE": f"{place.latitude}",
        "SITE_LONGITUDE": f"{place.longitude}",
        "SITE_TIMEZONE": place.timezone,
        "SITE_CLIMATE": place.climate,
    }


def _of_load(scenario: Scenario) -> dict[str, str]:
    load = scenario.load
    return {
        "MQTT_QOS": str(load.qos),
        "SIMULATION_INTERVAL": f"{load.interval}",
        "SIMULATION_SPEED": f"{load.speed}",
    }
