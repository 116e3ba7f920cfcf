"""From a scenario to one that can be run: its broker is there, and understands what it asks for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from secrets import token_hex

from attrs import evolve, frozen
from msgspec.structs import replace

from iotmock.mqtt import V5, V311, ConnectOptions, Protocol
from iotmock.own_broker.broker import OwnBroker, OwnBrokerError, own_broker
from iotmock.soak.broker.probe import OF_SCENARIO, find_protocol, software_of
from iotmock.soak.run.commander import options_of
from iotmock.soak.run.error import SoakError
from iotmock.soak.scenario.scenario import Broker, Scenario

_FALLS_BACK = (
    "the broker speaks MQTT 3.1.1 only: so do devices and receiver, with stamps in the JSON "
    '(verify.stamp = "json")'
)


@frozen
class Prepared:
    """A scenario as it is run, and what about it nobody asked for."""

    scenario: Scenario
    notes: tuple[str, ...] = ()
    broker_software: str = ""
    """What the broker calls itself, if it says."""


@asynccontextmanager
async def ready(scenario: Scenario) -> AsyncIterator[Prepared]:
    """Yield the scenario with a broker that can be used, which stays for the block.

    Raises:
        SoakError: there is none.
    """
    if scenario.given_broker is not None:
        yield await _understood(Prepared(scenario))
        return
    try:
        async with own_broker("soak", token_hex(8)) as broker:
            prepared = _with(scenario, broker)
            # What speaks no MQTT 5 is the embedded one, which tells no version.
            yield await _named(prepared, V5) if broker.protocol == "5" else prepared
    except OwnBrokerError as error:
        raise SoakError(f"{error}; give a [broker]") from error


def _with(scenario: Scenario, broker: OwnBroker) -> Prepared:
    note = (
        f"without [broker] the run has one of its own, {broker.name} on this machine: that shows "
        "how a run goes, and measures little"
    )
    given = Broker(
        host=broker.host, port=broker.port, username=broker.username, password=broker.password
    )
    prepared = Prepared(replace(scenario, given_broker=given), (note,), broker.name)
    return prepared if broker.protocol == "5" else _lesser(prepared)


async def _understood(prepared: Prepared) -> Prepared:
    wanted, broker = prepared.scenario.broker.protocol, prepared.scenario.broker
    options = _options(prepared, *((V5, V311) if wanted == "5" else (V311,)))
    spoken = await find_protocol(broker.host, broker.port, options, OF_SCENARIO)
    prepared = await _named(prepared, spoken)
    return prepared if spoken == V5 or wanted == "3.1.1" else _lesser(prepared)


def _options(prepared: Prepared, *protocols: Protocol) -> ConnectOptions:
    scenario = prepared.scenario
    options = options_of(scenario, f"{scenario.fleet.name}-{token_hex(4)}-probe")
    return evolve(options, protocols=protocols)


async def _named(prepared: Prepared, protocol: Protocol) -> Prepared:
    broker = prepared.scenario.broker
    software = await software_of(broker.host, broker.port, _options(prepared, protocol))
    return evolve(prepared, broker_software=software or prepared.broker_software)


def _lesser(prepared: Prepared) -> Prepared:
    scenario = prepared.scenario
    lesser = replace(
        scenario,
        given_broker=replace(scenario.broker, protocol="3.1.1"),
        verify=replace(scenario.verify, stamp="json"),
    )
    return Prepared(lesser, (*prepared.notes, _FALLS_BACK), prepared.broker_software)
