"""`iotmock receive`: the receiver for people, beside a service that stamps its messages."""

from functools import partial

import msgspec
import trio
import typer
from attrs import evolve

from iotmock.mqtt import V5, V311
from iotmock.settings.errors import SettingsError
from iotmock.settings.settings import Settings
from iotmock.signals import ending_signals
from iotmock.soak.broker.probe import Keys, find_protocol
from iotmock.soak.receiver.process import report
from iotmock.soak.receiver.receipts import Finish, Receipts, ReceiverConfig
from iotmock.soak.receiver.reception import ReceiverError, Reception, options_of
from iotmock.soak.run.error import SoakError
from iotmock.soak.words import told_in

MENDABLE = (SoakError, ReceiverError, SettingsError)
_KEYS = Keys("--broker, or MQTT_BROKER_HOST and MQTT_BROKER_PORT", "MQTT_USERNAME, MQTT_PASSWORD")
_DEFECTS = ("lost", "duplicated", "reordered", "late", "corrupted")
_QUIET_S = 2.0
_LAST_S = 10.0
_NO_STAMP = (
    "they have no stamp: start the service with MQTT_STAMP=json (docs/explanation/verification.md)"
)
_OTHER_RUN = "they have no stamp or another run's: leave --run out, or give the MQTT_STAMP_RUN"


def config_of(settings: Settings, run: str, *, as_json: bool) -> ReceiverConfig:
    """Return how to listen, by the settings that a service beside it has.

    Raises:
        SoakError: what it says in its dialect can not be accounted for.
    """
    told = told_in(settings.dialect)
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
        topic_filters=told.filters,
        device_level=told.device_level,
        joins=True,
        snapshot_s=1.0 if as_json else 2.0,
    )


async def receive(config: ReceiverConfig, duration_s: float, *, as_json: bool) -> Receipts:
    """Receive until a signal or for so long; say what there is, and return the last.

    Raises:
        SoakError: the broker can not be used. ReceiverError: nor can a TLS file.
    """
    reception = Reception.make(await _spoken(config))
    say = _say_json if as_json else partial(_say, reception)
    with trio.open_signal_receiver(*ending_signals()) as signals:

        async def finish() -> None:
            with trio.move_on_after(duration_s):
                await anext(signals)
            reception.follow(Finish(_QUIET_S, _LAST_S))

        async with trio.open_nursery() as nursery:
            nursery.start_soon(finish)
            await report(reception, say)
            nursery.cancel_scope.cancel()
    return reception.receipts(final=True)


async def _say_json(receipts: Receipts) -> None:
    typer.echo(msgspec.json.encode(receipts))


async def _say(reception: Reception, receipts: Receipts) -> None:
    run = reception.intake.run.decode(errors="replace")
    typer.echo(line(receipts, run, wanted=reception.config.run))


def line(receipts: Receipts, run: str, wanted: str) -> str:
    """Return what people are told: `run` is what is counted, `wanted` what was asked for."""
    counts, latency = receipts.counts, receipts.latency
    if not counts.received:
        return _waiting(receipts, wanted)
    counted = ", ".join(f"{name} {getattr(counts, name):,}" for name in _DEFECTS)
    return (
        f"run {run}: {receipts.devices:,} devices, {counts.received:,} received, "
        f"{receipts.rate:,.0f}/s, missing {receipts.missing:,}, {counted}, "
        f"p50/p99 {latency.p50_ms:,.1f}/{latency.p99_ms:,.1f} ms{_state(receipts)}"
    )


def _state(receipts: Receipts) -> str:
    return "" if receipts.connected or receipts.final else f"; not connected: {receipts.problem}"


def _waiting(receipts: Receipts, wanted: str) -> str:
    if not receipts.foreign:
        return f"no message yet{_state(receipts)}"
    hint = _OTHER_RUN if wanted else _NO_STAMP
    return f"{receipts.foreign:,} messages, none to count: {hint}"


async def _spoken(config: ReceiverConfig) -> ReceiverConfig:
    """Return it with the version of MQTT that the broker speaks."""
    known = (V5, V311) if config.protocol == "5" else (V311,)
    probe = evolve(options_of(config), client_id="iotmock-receive-probe", protocols=known)
    spoken = await find_protocol(config.host, config.port, probe, _KEYS)
    return msgspec.structs.replace(config, protocol="5" if spoken == V5 else "3.1.1")
