"""`iotmock receive`: the receiver for people, beside a service that stamps its messages."""

import signal
from collections.abc import Iterator
from functools import partial

import msgspec
import trio
import typer
from attrs import frozen

from iotmock.mqtt import V5
from iotmock.settings import Settings, SettingsError
from iotmock.soak.broker.probe import Keys, find_protocol
from iotmock.soak.over_time import clock
from iotmock.soak.receipts import Finish, Receipts, ReceiverConfig
from iotmock.soak.receiver import report
from iotmock.soak.reception import ReceiverError, Reception, options_of
from iotmock.soak.run.error import SoakError
from iotmock.stamp import PROPERTY

MENDABLE = (SoakError, ReceiverError, SettingsError)
_KEYS = Keys("--broker, or MQTT_BROKER_HOST and MQTT_BROKER_PORT", "MQTT_USERNAME, MQTT_PASSWORD")
_QUIET_S = 2.0
_LAST_S = 10.0
_NO_STAMP = (
    "no message has a stamp yet: start the service with MQTT_STAMP=properties (docs/verification.md)"
)
_OTHER_RUN = "the stamps are of other runs: leave --run out, or give the service's MQTT_STAMP_RUN"


def config_of(settings: Settings, run: str, *, as_json: bool) -> ReceiverConfig:
    """Return how to listen, by the settings that a service beside it has."""
    is_websocket = settings.mqtt_transport == "websocket"
    name = "iotmock-receive"
    return ReceiverConfig(
        run=run,
        host=settings.mqtt_broker_host,
        port=settings.mqtt_broker_port,
        username=settings.mqtt_username and settings.mqtt_username.replace("{device_id}", name),
        password=settings.mqtt_password if settings.mqtt_username else None,
        tls=settings.mqtt_tls,
        tls_ca=settings.mqtt_tls_ca,
        tls_cert=settings.mqtt_tls_cert,
        tls_key=settings.mqtt_tls_key,
        websocket=settings.mqtt_websocket_path if is_websocket else None,
        protocol=settings.mqtt_protocol,
        snapshot_s=1.0 if as_json else 2.0,
    )


async def receive(config: ReceiverConfig, duration_s: float | None, *, as_json: bool) -> Receipts:
    """Receive until SIGINT, SIGTERM or for so long; say each receipts, return the last.

    Raises:
        SoakError: the broker can not be used. ReceiverError: nor can a TLS file.
    """
    config = await _spoken(config)
    reception = Reception.make(config)
    say = _json if as_json else People(reception).say
    with trio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:

        async def finish() -> None:
            with trio.move_on_after(float("inf") if duration_s is None else duration_s):
                await anext(signals)
            reception.follow(Finish(_QUIET_S, _LAST_S))

        async with trio.open_nursery() as nursery:
            nursery.start_soon(finish)
            await report(reception, say)
            nursery.cancel_scope.cancel()
    return reception.receipts(final=True)


async def _spoken(config: ReceiverConfig) -> ReceiverConfig:
    """Return it with the version of MQTT that the broker speaks."""
    probe = options_of(config, either=True)
    spoken = await find_protocol(config.host, config.port, probe, _KEYS)
    return msgspec.structs.replace(config, protocol="5" if spoken == V5 else "3.1.1")
