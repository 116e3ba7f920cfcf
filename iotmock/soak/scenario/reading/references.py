"""What a scenario names and what there is: types, profiles, groups, locations, faults, commands."""

from collections.abc import Iterator

from attrs import frozen

from iotmock.model.commands import Rejected, parse_command
from iotmock.model.family import Catalogue, UnknownDeviceTypeError, UnknownProfileError
from iotmock.model.faults.request import InvalidFaultError, parse_fault
from iotmock.model.faults.types import FAULT_TYPES
from iotmock.soak.scenario.reading.tables import Tables
from iotmock.soak.scenario.reading.unreadable import as_far_as_readable
from iotmock.soak.scenario.scenario import Fleet, Group
from iotmock.soak.scenario.timeline import Blackout, Campaign, FaultInjection, Scale, Selector
from iotmock.wording.faults import Fault
from iotmock.wording.words import meant, one_of, shown

_SELECTED_BY = {"group": "own_name", "device_type": "device_type", "location": "location"}
"""Keys of a selector, and what a group calls them."""


@frozen
class References:
    """Looks up what the tables of a scenario name."""

    tables: Tables
    catalogue: Catalogue

    def faults(self) -> Iterator[Fault]:
        """Yield what is named and is not there."""
        for found in self._checks():
            yield from as_far_as_readable(found)

    def _checks(self) -> Iterator[Iterator[Fault]]:
        of = self.tables.of
        yield from (self._group(path, group) for path, group in of(Group))
        for path, selector in of(Selector):
            for key, name in _SELECTED_BY.items():
                yield self._known(f"{path}.{key}", getattr(selector, key), name)
        for path, blackout in of(Blackout):
            yield self._known(f"{path}.location", blackout.location, "location")
        for path, scale in of(Scale):
            yield self._known(f"{path}.group", scale.group, "own_name")
        for path, injection in of(FaultInjection):
            yield self._injection(path, injection)
            yield self._befalls(path, injection)
        for path, campaign in of(Campaign):
            yield self._devices(path, campaign)
            yield self._command(path, campaign)

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

    def _known(self, path: str, value: str | None, key: str) -> Iterator[Fault]:
        fleet = self.tables.only(Fleet)
        if fleet is None or not fleet.groups or value is None:
            return
        known = dict.fromkeys(str(getattr(group, key)) for group in fleet.groups)
        if value not in known and not (key == "location" and fleet.is_site(value)):
            near = meant(value, known)
            names = one_of(shown(name) for name in known)
            text = f"no group of the fleet has it, only {names}, not {shown(value)}{near}"
            yield Fault(path, text)

    def _injection(self, path: str, injection: FaultInjection) -> Iterator[Fault]:
        name = injection.fault
        if name not in FAULT_TYPES:
            yield from no_kind_of_fault(f"{path}.fault", name)
            return
        try:
            parse_fault(name, injection.parameters)
        except InvalidFaultError as error:
            yield Fault(f"{path}.parameters", error.message)
        kind = FAULT_TYPES[name]
        if kind.momentary and injection.duration is not None:
            yield Fault(f"{path}.duration", f"{name} is one message long; leave it out")

    def _befalls(self, path: str, injection: FaultInjection) -> Iterator[Fault]:
        name = injection.fault
        if (kind := FAULT_TYPES.get(name)) is None:
            return
        types = {group.device_type for group in self._selected(injection.select)}
        if types and kind.device_type is not None and kind.device_type not in types:
            yield Fault(f"{path}.fault", f"{name} befalls {kind.device_type}, and none is selected")

    def _devices(self, path: str, campaign: Campaign) -> Iterator[Fault]:
        groups = self._selected(campaign.select)
        most = sum(group.count for group in groups)
        if campaign.devices is not None and groups and campaign.devices > most:
            yield Fault(f"{path}.devices", f"must be at most {most}, the devices selected")

    def _command(self, path: str, campaign: Campaign) -> Iterator[Fault]:
        groups = self._selected(campaign.select)
        for device_type in dict.fromkeys(group.device_type for group in groups):
            if device_type in self.catalogue.names:
                known = self.catalogue.get(device_type).commands
                parsed = parse_command(known, campaign.command, campaign.parameters)
                if isinstance(parsed, Rejected):
                    yield Fault(f"{path}.command", f"{device_type}: {parsed.reason}")

    def _selected(self, selector: Selector) -> list[Group]:
        fleet = self.tables.only(Fleet)
        return [group for group in fleet.groups if _selects(selector, group)] if fleet else []


def no_kind_of_fault(path: str, name: str) -> Iterator[Fault]:
    """Yield what is wrong with the name of a kind of faults, if there is none."""
    if name not in FAULT_TYPES:
        text = f"must be {one_of(FAULT_TYPES)}, not {shown(name)}{meant(name, FAULT_TYPES)}"
        yield Fault(path, text)


def _selects(selector: Selector, group: Group) -> bool:
    wanted = (selector.group, selector.device_type, selector.location)
    has = (group.own_name, group.device_type, group.location)
    return all(want is None or want == own for want, own in zip(wanted, has, strict=True))
