"""A scenario: what runs, how long, what happens meanwhile, and what is good enough."""

from collections.abc import Iterator, Sequence
from math import prod
from typing import Annotated, Any, Literal, Self

import msgspec
from msgspec import Meta

from iotmock.model.fleet import split_id
from iotmock.model.site.people.calendar import UnknownCountryError, UnknownRegionError
from iotmock.model.site.places.place import Country
from iotmock.model.site_kinds import KINDS
from iotmock.settings.broker_url import broker_url
from iotmock.settings.numbers import NotAllowedError
from iotmock.settings.values import host
from iotmock.soak.scenario.expectations import Thresholds, Verify, both
from iotmock.soak.scenario.quantities import Interval, PerSecond, SomeSeconds
from iotmock.soak.scenario.section import SecretText, Section, Text, VariableName, about
from iotmock.soak.scenario.timeline import AnyPhase, Campaign, Seed, SomeCount
from iotmock.wording.faults import Fault
from iotmock.wording.patterns import whole
from iotmock.wording.quoted import one_line
from iotmock.wording.words import shown

Port = Annotated[int, Meta(ge=1, le=65_535)]
KeepAlive = Annotated[int, Meta(ge=1, le=65_535, extra={"unit": " s"})]
Power = Annotated[float, Meta(ge=0.001, le=10_000, extra={"unit": " kW"})]
Spread = Annotated[float, Meta(ge=0.0, le=0.9)]
Speed = Annotated[float, Meta(ge=0.01, le=3_600.0)]
Name = Annotated[
    str,
    Meta(pattern=whole("[A-Za-z0-9_.-]{1,27}"), extra={"words": "1 to 27 of A-Z a-z 0-9 _ . -"}),
]
"""Two of them and a number make a device's id of at most 64 characters."""
Connections = Annotated[
    str,
    Meta(
        pattern=whole("shared|per-device|pool:[1-9][0-9]{0,4}"),
        extra={"words": "shared, per-device or pool:N with N from 1 to 99999"},
    ),
]


class Broker(Section, frozen=True, kw_only=True):
    """The broker under test. A `url` stands for the keys that it names: see `plain`."""

    url: Annotated[
        SecretText | None, about("mqtts://user@host:8883 or wss://host/mqtt for what it names")
    ] = None
    host: Annotated[Text, about("name or address")] = "localhost"
    port: Annotated[Port, about("1883, or 8883 with TLS")] = 1883
    username: Annotated[Text | None, about("{device_id} in it: a user per device")] = None
    password: Annotated[SecretText | None, about("better: password_env")] = None
    password_env: Annotated[VariableName | None, about("the variable with the password")] = None
    credentials_file: Annotated[Text | None, about("CSV: device_id, username, password")] = None
    transport: Annotated[Literal["tcp", "websocket"], about("what carries MQTT")] = "tcp"
    websocket_path: Annotated[Text, about("of the WebSocket")] = "/mqtt"
    protocol: Annotated[Literal["5", "3.1.1"], about("of MQTT")] = "5"
    keep_alive: Annotated[KeepAlive, about("s between signs of life")] = 30
    tls: Annotated[bool, about("encrypt and verify")] = False
    tls_ca: Annotated[Text | None, about("file of trusted CA certificates")] = None
    tls_cert: Annotated[Text | None, about("file of the client certificate")] = None
    tls_key: Annotated[Text | None, about("file of its key")] = None

    def faults(self) -> Iterator[tuple[str, str]]:
        """See `Section`."""
        yield from self._faults_of_url()
        plain = self.plain
        yield from _faults_of_host(plain.host)
        yield from both(plain, "password")
        if (self.tls_cert is None) != (self.tls_key is None):
            yield "tls_cert", "and tls_key go together; give both or none"
        for key in ("tls_ca", "tls_cert"):
            if getattr(self, key) is not None and not plain.tls:
                yield key, "needs tls = true"

    def _faults_of_url(self) -> Iterator[tuple[str, str]]:
        try:
            named = _named_by(self.url)
        except NotAllowedError as error:
            yield "url", f"must be {error.allowed}"
            return
        for key in named:
            if getattr(self, key) != getattr(Broker(), key):
                yield key, "must not be given together with a url that says it"

    @property
    def plain(self) -> Self:
        """See `Section`."""
        try:
            return msgspec.structs.replace(self, url=None, **_named_by(self.url))
        except NotAllowedError:  # which `faults` says
            return self


def _faults_of_host(text: str) -> Iterator[tuple[str, str]]:
    try:
        host(text)
    except NotAllowedError:
        words = "must be a name or an IP address, without port and login, which have their own keys"
        yield "host", f"{words}, not {shown(text)}"


_KEYS = {"MQTT_BROKER_HOST": "host", "MQTT_BROKER_PORT": "port"} | {
    f"MQTT_{key.upper()}": key
    for key in ("transport", "websocket_path", "tls", "username", "password")
}


def _named_by(url: str | None) -> dict[str, Any]:
    found = None if url is None else broker_url(url)
    named: dict[str, Any] = (
        {_KEYS[name]: text for name, text in found.settings.items()} if found else {}
    )
    if named:
        named |= {"port": int(named["port"]), "tls": named["tls"] == "on"}
    return named


class Group(Section, frozen=True, kw_only=True):
    """Devices that have much in common."""

    device_type: Annotated[Text, about("one of the device types")]
    count: Annotated[SomeCount, about("how many at the start")]
    name: Annotated[Name | None, about("part of the ids; the type if left out")] = None
    profile: Annotated[Text | None, about("one of the type's profiles")] = None
    location: Annotated[str, about("devices of one location share its weather")] = ""
    interval: Annotated[Interval | None, about("s between readings; the load's if left out")] = None
    base_power: Annotated[Power | None, about("kW; the profile's if left out")] = None
    base_power_spread: Annotated[Spread, about("0.2 is within 20 %")] = 0.0
    by_site: Annotated[bool, about("each device is at the site of its number")] = False

    @property
    def own_name(self) -> str:
        """The name, or the one that follows from type and profile."""
        return self.name or "-".join(filter(None, (self.device_type, self.profile)))


class Sites(Section, frozen=True, kw_only=True):
    """Sites by rule: each a location with devices and a main meter."""

    kind: Annotated[Literal["home", "office", "factory", "depot", "datacentre"], about("of each")]
    count: Annotated[SomeCount, about("how many")]

    @property
    def groups(self) -> Iterator[Group]:
        """Yield what they have: as many of each as such sites have, at the first of them."""
        kind = KINDS[self.kind]
        for role in kind.roles:
            share = prod(share for _, share in kind.draws_of(role))
            if count := round(share * self.count):
                yield Group(
                    device_type=role.device_type,
                    count=count,
                    name=role.name,
                    profile=role.profile,
                    base_power=role.base_power,
                    base_power_spread=role.spread,
                    by_site=True,
                )


class Fleet(Section, frozen=True, kw_only=True):
    """The devices, and how they are connected."""

    groups: list[Group] = msgspec.field(name="group", default_factory=list)
    sites: Annotated[
        list[Sites], Meta(max_length=1, description="a kind of sites, and how many of it")
    ] = msgspec.field(name="site", default_factory=list)
    name: Annotated[Name, about("the ids begin with it")] = "soak"
    country: Annotated[Text | None, about("of all locations, as FR; the service's default")] = None
    region: Annotated[str, about("of the country, as BY of DE")] = ""
    seed: Annotated[Seed, about("the same seed gives the same devices and readings")] = 1
    connections: Annotated[Connections, about("one for all, N, or one per device")] = "shared"
    connect_rate: Annotated[PerSecond, about("new connections a second")] = 500.0
    bind_addresses: Annotated[
        list[Text], about("source addresses, for more than 28,000 connections")
    ] = msgspec.field(default_factory=list)
    faults_profile: Annotated[
        Literal["off", "realistic", "harsh"], about("faults that devices have by themselves")
    ] = msgspec.field(default="off", name="faults")
    dialect: Annotated[Text, about("native, the name of another, or a template's file")] = "native"
    fault_topic: Annotated[bool, about("publish faults on energy/devices/{id}/faults")] = False

    @property
    def plain(self) -> Self:
        """See `Section`: sites are groups."""
        groups = [*self.groups, *(group for sites in self.sites for group in sites.groups)]
        return msgspec.structs.replace(self, groups=groups, sites=[])

    def is_site(self, location: str) -> bool:
        """Say whether this is the location of one of the sites."""
        site = split_id(location)
        most = max((group.count for group in self.groups if group.by_site), default=0)
        return site is not None and site[0] == self.name and site[1] <= most

    @property
    def count(self) -> int:
        """How many devices there are at the start."""
        return sum(group.count for group in self.groups)

    def faults(self) -> Iterator[tuple[str, str]]:
        """See `Section`."""
        if not self.groups and not self.sites:
            yield "group", "is missing; a fleet has one [[fleet.group]] or [[fleet.site]] or more"
        yield from self._country_faults()
        names = [group.own_name for group in self.groups]
        for at, name in enumerate(names):
            if name in names[:at]:
                yield f"group[{at}].name", f"{name} is the name of an earlier group; give another"

    @property
    def where(self) -> Country | None:
        """Where all locations are, if it says so.

        Raises:
            UnknownCountryError, UnknownRegionError: there is none such.
        """
        return None if self.country is None else Country.of(self.country, self.region)

    def _country_faults(self) -> Iterator[tuple[str, str]]:
        try:
            if self.where is None and self.region:
                yield "region", "needs a country, as DE for BY"
        except UnknownCountryError as error:
            yield "country", str(error)
        except UnknownRegionError as error:
            yield "region", str(error)


class Load(Section, frozen=True, kw_only=True):
    """How much, and for how long."""

    duration: Annotated[SomeSeconds, about("s from the first device to the ramp down")]
    interval: Annotated[Interval, about("s between two readings of a device")] = 10.0
    qos: Annotated[Literal[0, 1, 2], about("of the data messages")] = 1
    ramp_up: Annotated[PerSecond | None, about("devices a second; at once if left out")] = None
    ramp_down: Annotated[PerSecond | None, about("devices a second; at once if left out")] = None
    speed: Annotated[
        Speed | Literal["step"],
        about("60 is a simulated minute a second; step: all times are simulated, and go in steps"),
    ] = 1.0
    step: Annotated[
        SomeSeconds | None, about("s of a step with speed = step; the interval if left out")
    ] = None

    def faults(self) -> Iterator[tuple[str, str]]:
        """See `Section`."""
        if self.step is not None and not self.by_hand:
            yield "step", 'needs speed = "step"'

    @property
    def by_hand(self) -> bool:
        """Whether simulated time goes in steps."""
        return self.speed == "step"

    @property
    def step_s(self) -> float:
        """How far a step goes."""
        return self.interval if self.step is None else self.step

    @property
    def pace(self) -> float:
        """How many simulated seconds one of the scenario's is."""
        return 1.0 if self.speed == "step" else self.speed


class Scenario(Section, frozen=True, kw_only=True):
    """A soak test: `iotmock soak FILE`."""

    fleet: Annotated[Fleet, about("the devices")]
    load: Annotated[Load, about("how much, and for how long")]
    name: Annotated[Text, about("what reports call it; the file's name if left out")] = "soak"
    given_broker: Annotated[
        Broker | None, about("the broker under test; one of our own if left out")
    ] = msgspec.field(name="broker", default=None)
    phases: list[AnyPhase] = msgspec.field(name="phase", default_factory=list)
    campaigns: list[Campaign] = msgspec.field(name="campaign", default_factory=list)
    verify: Annotated[Verify, about("how every message is accounted for")] = Verify()
    thresholds: Annotated[Thresholds, about("what is good enough")] = Thresholds()

    @property
    def broker(self) -> Broker:
        """The broker under test, once there is one."""
        return self.given_broker or Broker()


class ScenarioError(Exception):
    """A scenario can not be run: all that is wrong with it, a line each."""

    def __init__(self, source: str, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(f"{one_line(source)}: {fault}" for fault in faults))
        self.faults = tuple(faults)
