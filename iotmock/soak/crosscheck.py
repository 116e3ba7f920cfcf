"""What does not fit together between the tables of a scenario."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from attrs import frozen

from iotmock.model.commands import Rejected, parse_command
from iotmock.model.family import Catalogue, UnknownDeviceTypeError, UnknownProfileError
from iotmock.soak.expectations import Thresholds, Verify
from iotmock.soak.scenario import Broker, Fleet, Group, Load
from iotmock.soak.section import Fault, Section
from iotmock.soak.timeline import Blackout, Campaign, Phase, Scale, Selector
from iotmock.soak.wording import meant, one_of, shown

MEASURABLE_GROWTH_S = 60.0
"""Shorter than this after the ramp, growth of memory is noise."""

S = TypeVar("S", bound=Section)


@frozen
class CrossCheck:
    """Looks over those tables of a scenario that are whole by themselves, by the path of each."""

    built: Mapping[str, Section]
    catalogue: Catalogue

    def faults(self) -> Iterator[Fault]:
        """Yield what does not fit together."""
        for path, group in self._of(Group):
            yield from self._group(path, group)
        yield from self._broker()
        for path, phase in self._of(Phase):
            yield from self._time(path, phase.at, phase.length_s)
            yield from self._phase(path, phase)
        for path, selector in self._of(Selector):
            yield from self._selector(path, selector)
        for path, campaign in self._of(Campaign):
            yield from self._time(path, campaign.at, campaign.length_s)
            yield from self._campaign(path, campaign)
        yield from self._load()
        yield from self._thresholds()

    def _of(self, kind: type[S]) -> Iterator[tuple[str, S]]:
        for path, section in self.built.items():
            if isinstance(section, kind):
                yield path, section

    def _only(self, kind: type[S]) -> S | None:
        return next((section for _, section in self._of(kind)), None)

    def _group(self, path: str, group: Group) -> Iterator[Fault]:
        try:
            self.catalogue.get(group.device_type).profile(group.profile)
        except UnknownDeviceTypeError:
            known = self.catalogue.names
            near = meant(group.device_type, known)
            text = f"must be {one_of(known)}, not {shown(group.device_type)}{near}"
            yield Fault(f"{path}.device_type", text)
        except UnknownProfileError as error:
            near = meant(group.profile or "", error.known)
            text = f"must be {one_of(error.known)}, not {shown(group.profile)}{near}"
            yield Fault(f"{path}.profile", text)

    def _broker(self) -> Iterator[Fault]:
        broker, fleet, verify = self._only(Broker), self._only(Fleet), self._only(Verify)
        if broker is None:
            return
        if fleet is not None and fleet.connections != "per-device":
            if broker.credentials_file is not None:
                yield Fault("broker.credentials_file", 'needs fleet.connections = "per-device"')
            if "{device_id}" in (broker.username or ""):
                yield Fault("broker.username", '{device_id} needs fleet.connections = "per-device"')
        if broker.protocol != "5" and (verify is None or verify.stamp == "properties"):
            text = 'MQTT 3.1.1 has no properties; give verify.stamp = "json"'
            yield Fault("broker.protocol", text)

    def _time(self, path: str, at: float, length_s: float) -> Iterator[Fault]:
        load = self._only(Load)
        if load is None:
            return
        if at >= load.duration:
            text = f"must be before load.duration ({load.duration:g} s), not {at:g} s"
            yield Fault(f"{path}.at", text)
        elif load.duration < at + length_s < float("inf"):
            text = f"it ends at {at + length_s:g} s, after load.duration ({load.duration:g} s)"
            yield Fault(path, text)

    def _phase(self, path: str, phase: Phase) -> Iterator[Fault]:
        match phase:
            case Blackout():
                yield from self._known(f"{path}.location", phase.location, "location")
            case Scale():
                yield from self._known(f"{path}.group", phase.group, "own_name")

    def _selector(self, path: str, selector: Selector) -> Iterator[Fault]:
        yield from self._known(f"{path}.group", selector.group, "own_name")
        yield from self._known(f"{path}.device_type", selector.device_type, "device_type")
        yield from self._known(f"{path}.location", selector.location, "location")

    def _known(self, path: str, value: str | None, key: str) -> Iterator[Fault]:
        fleet = self._only(Fleet)
        if fleet is None or not fleet.groups or value is None:
            return
        known = dict.fromkeys(str(getattr(group, key)) for group in fleet.groups)
        if value not in known:
            near = meant(value, known)
            names = one_of(shown(name) for name in known)
            text = f"no group of the fleet has it, only {names}, not {shown(value)}{near}"
            yield Fault(path, text)

    def _campaign(self, path: str, campaign: Campaign) -> Iterator[Fault]:
        fleet = self._only(Fleet)
        if fleet is None:
            return
        groups = [group for group in fleet.groups if _selects(campaign.select, group)]
        most = sum(group.count for group in groups)
        if campaign.devices is not None and groups and campaign.devices > most:
            yield Fault(f"{path}.devices", f"must be at most {most}, the devices selected")
        for device_type in dict.fromkeys(group.device_type for group in groups):
            if device_type in self.catalogue.names:
                known = self.catalogue.get(device_type).commands
                parsed = parse_command(known, campaign.command, campaign.parameters)
                if isinstance(parsed, Rejected):
                    yield Fault(f"{path}.command", f"{device_type}: {parsed.reason}")

    def _load(self) -> Iterator[Fault]:
        fleet, load = self._only(Fleet), self._only(Load)
        if fleet is None or load is None or load.ramp_up is None:
            return
        needed = fleet.count / load.ramp_up
        if needed >= load.duration:
            text = f"{fleet.count:,} devices take {needed:g} s, all of load.duration or more"
            yield Fault("load.ramp_up", text)

    def _thresholds(self) -> Iterator[Fault]:
        limits, load = self._only(Thresholds), self._only(Load)
        if limits is None:
            return
        if next(self._of(Campaign), None) is None:
            for key in ("command_p99_ms", "commands_unanswered"):
                if getattr(limits, key) is not None:
                    yield Fault(f"thresholds.{key}", "needs a [[campaign]] that gives commands")
        if load is not None and load.qos == 0 and limits.puback_p99_ms is not None:
            yield Fault("thresholds.puback_p99_ms", "needs load.qos = 1 or 2; QoS 0 has no PUBACK")
        yield from self._growth(limits)

    def _growth(self, limits: Thresholds) -> Iterator[Fault]:
        fleet, load = self._only(Fleet), self._only(Load)
        if fleet is None or load is None or limits.memory_growth is None:
            return
        ramp_s = fleet.count / load.ramp_up if load.ramp_up else 0.0
        if load.duration - ramp_s < MEASURABLE_GROWTH_S:
            text = f"needs a load.duration of {MEASURABLE_GROWTH_S:g} s or more after the ramp up"
            yield Fault("thresholds.memory_growth", text)


def _selects(selector: Selector, group: Group) -> bool:
    wanted = (selector.group, selector.device_type, selector.location)
    has = (group.own_name, group.device_type, group.location)
    return all(want is None or want == own for want, own in zip(wanted, has, strict=True))
