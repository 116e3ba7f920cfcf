"""The table of settings: each with its name, its default, what is allowed and what it means.

Long because it is one table, to be read and searched as such.
"""

from typing import Literal

import environ

from iotmock.settings import numbers, places, topics, values
from iotmock.settings.broker_url import BrokerUrl, broker_url
from iotmock.settings.places import SitesSetting
from iotmock.settings.values import Connections, FleetSetting, Secret
from iotmock.settings.variable import variable
from iotmock.wording.quoted import quoted_path

DEFAULT_PASSWORD = "iot123"  # noqa: S105 - of the contract, and known to everybody


@environ.config(prefix="", frozen=True)
class Settings:
    """Every setting of the service. Names, defaults and meanings are the documentation.

    Long because it is one table.
    """

    host: str = variable("HOST", "0.0.0.0", values.text, "HTTP listen address")  # noqa: S104
    port: int = variable("PORT", 8090, numbers.whole(0, 65535), "HTTP port; 0 takes a free one")
    http_max_connections: int = variable(
        "HTTP_MAX_CONNECTIONS",
        1_000,
        numbers.whole(1, 100_000),
        "HTTP connections at a time; further ones wait",
    )
    stream_listeners: int = variable(
        "STREAM_LISTENERS",
        200,
        numbers.whole(0, 10_000),
        "who may listen to GET /api/v1/stream at a time; further ones are refused",
    )
    http_root_path: str = variable(
        "HTTP_ROOT_PATH",
        "",
        values.root_path,
        "path that a proxy serves this under, as /sim; empty: X-Forwarded-Prefix says it",
    )
    api_token: Secret | None = variable(
        "API_TOKEN",
        "",
        values.token_or_none,
        "what REST clients send as Authorization: Bearer ...; empty: nothing",
        secret=True,
    )
    api_token_file: str | None = variable(
        "API_TOKEN_FILE",
        "",
        values.read_file_or_none,
        "a file with the token, instead of API_TOKEN",
        show=quoted_path,
    )
    iotmock_url: str | None = variable(
        "IOTMOCK_URL",
        "",
        values.http_url_or_none,
        "where `iotmock devices`, send, inject and watch find the service; empty: here, at PORT",
    )
    reports_dir: str | None = variable(
        "REPORTS_DIR",
        "",
        values.folder_or_none,
        "a folder with runs of `iotmock soak`, whose reports the page lists; empty: none",
    )
    http_allowed_hosts: tuple[str, ...] = variable(
        "HTTP_ALLOWED_HOSTS",
        "",
        values.host_names,
        "names by which REST is reached, beside this machine's (docs/how-to/security.md)",
    )
    http_cors_origins: tuple[str, ...] = variable(
        "HTTP_CORS_ORIGINS", "", values.origins, "web pages of other hosts that may use REST"
    )
    mqtt_broker_url: BrokerUrl | None = variable(
        "MQTT_BROKER_URL",
        "",
        broker_url,
        "mqtt://, mqtts://, ws:// or wss:// with user, host, port and path, for single settings",
        secret=True,
    )
    mqtt_broker_host: str = variable("MQTT_BROKER_HOST", "localhost", values.host, "broker host")
    mqtt_broker_port: int = variable(
        "MQTT_BROKER_PORT", 1883, numbers.whole(1, 65535), "broker port"
    )
    mqtt_username: str | None = variable(
        "MQTT_USERNAME",
        "iot_user",
        values.mqtt_text_or_none,
        "MQTT user; empty connects without one",
    )
    mqtt_password: Secret | None = variable(
        "MQTT_PASSWORD", DEFAULT_PASSWORD, values.secret_or_none, "MQTT password", secret=True
    )
    simulation_interval: float = variable(
        "SIMULATION_INTERVAL", 5.0, numbers.number(0.1, 86400, " seconds"), "s between two readings"
    )
    simulation_speed: float | Literal["step"] = variable(
        "SIMULATION_SPEED",
        1.0,
        numbers.speed(100_000),
        "1 is the wall clock's, 60 a minute a second, 0 as fast as possible, step by hand",
    )
    simulation_start: float | None = variable(
        "SIMULATION_START",
        "",
        values.moment_or_none,
        "a past date or time: history is made from there up to now; empty: now",
    )
    simulation_now: float | None = variable(
        "SIMULATION_NOW",
        "",
        values.any_moment_or_none,
        "the date or time at which simulated time begins, to run on from there; empty: now",
    )
    data_variation_percent: float = variable(
        "DATA_VARIATION_PERCENT",
        0.1,
        numbers.number(0, 1, " (0.1 is ±10 %)"),
        "relative variation of the readings: 0.1 is ±10 %, 0 is free of noise",
    )
    mqtt_embedded_broker: str = variable(
        "MQTT_EMBEDDED_BROKER",
        "auto",
        values.one_of("auto", "on", "off"),
        "start a broker of our own: auto when the host is this machine and nothing listens there",
    )
    mqtt_embedded_host: str = variable(
        "MQTT_EMBEDDED_HOST", "127.0.0.1", values.text, "listen address of the embedded broker"
    )
    mqtt_protocol: str = variable(
        "MQTT_PROTOCOL",
        "5",
        values.one_of("5", "3.1.1"),
        "5 falls back to 3.1.1 where 5 is refused",
    )
    mqtt_transport: str = variable(
        "MQTT_TRANSPORT",
        "tcp",
        values.one_of("tcp", "websocket"),
        "what carries MQTT; with TLS both are encrypted",
    )
    mqtt_websocket_path: str = variable(
        "MQTT_WEBSOCKET_PATH", "/mqtt", values.path, "path of the broker's WebSocket"
    )
    mqtt_client_id: str | None = variable(
        "MQTT_CLIENT_ID", "", values.client_id, "client id; empty makes one from host name and port"
    )
    mqtt_keep_alive: int = variable(
        "MQTT_KEEP_ALIVE", 30, numbers.whole(1, 65535), "s between signs of life to the broker"
    )
    mqtt_connections: Connections = variable(
        "MQTT_CONNECTIONS",
        "shared",
        values.connections,
        "shared, pool:N or per-device (docs/how-to/connections.md)",
    )
    mqtt_qos: int = variable("MQTT_QOS", 1, numbers.whole(0, 2), "QoS of data messages")
    mqtt_connect_rate: int = variable(
        "MQTT_CONNECT_RATE",
        500,
        numbers.whole(0, 100_000),
        "connections opened a second; 0: all at once",
    )
    mqtt_bind_addresses: tuple[str, ...] = variable(
        "MQTT_BIND_ADDRESSES",
        "",
        values.addresses,
        "source addresses, taken in turn; one is enough for 28,000 connections",
    )
    mqtt_credentials: str | None = variable(
        "MQTT_CREDENTIALS",
        "",
        values.read_file_or_none,
        "CSV of device_id,username,password,cert,key for connections per device",
        show=quoted_path,
    )
    mqtt_window: int = variable(
        "MQTT_WINDOW", 500, numbers.whole(1, 65535), "messages on their way without an answer"
    )
    mqtt_backlog: int = variable(
        "MQTT_BACKLOG",
        100_000,
        numbers.whole(1, 10_000_000),
        "messages kept while the broker is away; then the oldest data is dropped and counted",
    )
    mqtt_backlog_bytes: int = variable(
        "MQTT_BACKLOG_BYTES",
        67_108_864,
        numbers.whole(1_000_000, 1 << 40),
        "bytes of what is kept while the broker is away, results included",
    )
    mqtt_tls: bool = variable("MQTT_TLS", "off", values.switch, "connect with TLS, verified")
    azure_connection_string: Secret | None = variable(
        "AZURE_CONNECTION_STRING",
        "",
        values.secret_or_none,
        "an IoT hub's connection string, with which each device's token is made at each connect",
        secret=True,
    )
    azure_connection_string_file: str | None = variable(
        "AZURE_CONNECTION_STRING_FILE",
        "",
        values.read_file_or_none,
        "a file with it, instead of AZURE_CONNECTION_STRING",
        show=quoted_path,
    )
    azure_token_life: int = variable(
        "AZURE_TOKEN_LIFE",
        86_400,
        numbers.whole(10, 31_536_000),
        "seconds that a device's token is valid; before, the connection is made anew",
    )
    mqtt_tls_ca: str | None = variable(
        "MQTT_TLS_CA",
        "",
        values.read_file_or_none,
        "file of trusted CA certificates; empty: the system's",
        show=quoted_path,
    )
    mqtt_tls_cert: str | None = variable(
        "MQTT_TLS_CERT",
        "",
        values.read_file_or_none,
        "file of the client certificate",
        show=quoted_path,
    )
    mqtt_tls_key: str | None = variable(
        "MQTT_TLS_KEY",
        "",
        values.read_file_or_none,
        "file of the client certificate's key",
        show=quoted_path,
    )
    mqtt_tls_alpn: tuple[str, ...] = variable(
        "MQTT_TLS_ALPN", "", values.alpn, "ALPN protocols to offer, with commas between"
    )
    dialect: str = variable(
        "DIALECT",
        "native",
        values.text,
        "in which topics and payloads devices speak: native, homeassistant, sparkplug, tasmota, "
        "thingsboard-gateway, a template's name, or its file (docs/how-to/dialects.md)",
    )
    reading: Literal["basic", "full"] = variable(
        "READING",
        "basic",
        values.one_of("basic", "full"),
        "what a reading has: the eight fields, or all that a meter measures "
        "(docs/reference/readings.md)",
    )
    ha_discovery: str = variable(
        "HA_DISCOVERY",
        "device",
        values.one_of("device", "component"),
        "how Home Assistant is told of devices: each in one message, or, before 2024.11, each "
        "entity in one",
    )
    ha_discovery_prefix: str = variable(
        "HA_DISCOVERY_PREFIX",
        "homeassistant",
        topics.topic,
        "the discovery prefix that is set in Home Assistant",
    )
    ha_discovery_limit: int = variable(
        "HA_DISCOVERY_LIMIT",
        1_000,
        numbers.whole(0, 1_000_000),
        "so many devices Home Assistant is told of",
    )
    sparkplug_group: str = variable(
        "SPARKPLUG_GROUP", "iotmock", topics.topic_level, "the group of DIALECT=sparkplug"
    )
    sparkplug_node: str = variable(
        "SPARKPLUG_NODE",
        "iotmock",
        topics.topic_level,
        "the edge node of DIALECT=sparkplug; those of a pool have -1, -2 and so on at the end",
    )
    sparkplug_primary_host: str | None = variable(
        "SPARKPLUG_PRIMARY_HOST",
        "",
        topics.topic_level_or_none,
        "the host application without which nothing is said; empty: nobody is waited for",
    )
    mqtt_settings_topic: bool = variable(
        "MQTT_SETTINGS_TOPIC",
        "off",
        values.switch,
        "retain what commands have set of each device on energy/devices/{id}/settings",
    )
    mqtt_stamp: str = variable(
        "MQTT_STAMP",
        "off",
        values.one_of("off", "properties", "json"),
        "number data messages, in an MQTT 5 user property or a JSON field "
        "(docs/explanation/verification.md)",
    )
    mqtt_stamp_run: str | None = variable(
        "MQTT_STAMP_RUN", "", values.run, "the stamps' run; empty makes one"
    )
    state_file: str = variable(
        "STATE_FILE", "iotmock.db", values.file_path, "devices and counters; :memory: keeps none"
    )
    fault_profile: str = variable(
        "FAULT_PROFILE",
        "off",
        values.one_of("off", "realistic", "harsh"),
        "faults that happen by themselves; harsh is a hundred times realistic",
    )
    fault_ledger: str | None = variable(
        "FAULT_LEDGER",
        "",
        values.file_or_none,
        "file of the fault ledger; empty: beside STATE_FILE, as iotmock-faults.db",
    )
    fault_ledger_days: float = variable(
        "FAULT_LEDGER_DAYS",
        0,
        numbers.number(0, 36_500, " days (0 keeps all)"),
        "days of simulated time that the fault ledger keeps what has ended; 0 keeps all",
    )
    fault_topic: bool = variable(
        "FAULT_TOPIC",
        "off",
        values.switch,
        "publish begins and ends of faults on energy/devices/{id}/faults",
    )
    default_devices: bool = variable(
        "DEFAULT_DEVICES", "true", values.switch, "create five devices when there are none"
    )
    fleet: FleetSetting = variable(
        "FLEET", "", values.fleet, "a fleet to make at the start, as hvac=50000,lighting/street=300"
    )
    sites: SitesSetting = variable(
        "SITES", "", places.sites, "sites to make at the start, as home=5000,office/FR=20"
    )
    platform_sync: bool = variable(
        "PLATFORM_SYNC", "on", values.switch, "mirror the devices that the platform announces"
    )
    platform_sync_limit: int = variable(
        "PLATFORM_SYNC_LIMIT",
        10_000,
        numbers.whole(0, 1_000_000),
        "how many of the platform's devices are mirrored at most",
    )
    fleet_seed: int = variable(
        "FLEET_SEED",
        1,
        numbers.whole(0, 2**63 - 1),
        "the same seed and ticks give the same readings",
    )
    site_latitude: float = variable(
        "SITE_LATITUDE",
        52.5,
        numbers.number(-90, 90, " degrees"),
        "degrees north, for sun and seasons",
    )
    site_longitude: float | None = variable(
        "SITE_LONGITUDE",
        "",
        places.longitude,
        "degrees east, for sunrise and sunset; empty: the time zone's own",
    )
    site_timezone: str = variable(
        "SITE_TIMEZONE",
        "UTC",
        places.timezone,
        "time zone of people and shifts, for instance Europe/Berlin",
    )
    site_climate: str = variable(
        "SITE_CLIMATE",
        "temperate",
        values.one_of("temperate", "cold", "hot"),
        "the weather's means",
    )
    site_country: str = variable(
        "SITE_COUNTRY",
        "DE",
        places.country,
        "whose public holidays are kept, as DE or US; none: nobody's",
    )
    site_region: str = variable(
        "SITE_REGION", "", places.region, "a part of the country with its own, as BY or CA"
    )
    replay_folder: str | None = variable(
        "REPLAY_FOLDER",
        "",
        values.folder_or_none,
        "a folder with series (CSV, Parquet), each a profile of the type replay; empty: none",
    )
    shutdown_timeout: float = variable(
        "SHUTDOWN_TIMEOUT",
        5.0,
        numbers.number(0, 600, " seconds"),
        "s to deliver what waits at the end",
    )
    log_level: str = variable(
        "LOG_LEVEL",
        "info",
        values.one_of("debug", "info", "warning", "error"),
        "least level logged",
    )
    log_format: str = variable(
        "LOG_FORMAT", "console", values.one_of("console", "json"), "how a log line looks"
    )
