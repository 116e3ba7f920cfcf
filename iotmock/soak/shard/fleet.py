"""A shard's devices: there are as many as the schedule wants, at every moment."""

import trio
from attrs import define, field

from iotmock.actors.definitions.draft import GroupDraft
from iotmock.actors.definitions.roster import Group as RosterGroup
from iotmock.actors.errors import DeviceGoneError
from iotmock.actors.system import System
from iotmock.actors.turns import Turns
from iotmock.model.fleet import id_of, prefix_of
from iotmock.model.site.places.countries import mains_of
from iotmock.model.spec import DeviceRecord
from iotmock.soak.scenario.scenario import Group
from iotmock.soak.scenario.schedule import Schedule
from iotmock.soak.shard.order import ShardOrder

_LOOK_S = 0.1
_SLICE = 16


@define(eq=False)
class ShardFleet:
    """Brings devices and takes them down, by number: those up to the course's value are there.

    `late_due` are messages that did not fall due because devices came later than they should.
    """

    order: ShardOrder
    system: System
    schedule: Schedule = field(init=False)
    late_due: float = 0.0
    _groups: dict[str, RosterGroup] = field(factory=dict)
    _reached: dict[str, int] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.schedule = Schedule(self.order.scenario)
        for group in self.order.scenario.fleet.groups:
            self._groups[group.own_name] = made = self._group(group)
            self._reached[group.own_name] = 0
            self.system.supervisor.roster.add(made)

    def _group(self, group: Group) -> RosterGroup:
        fleet, supervisor = self.order.scenario.fleet, self.system.supervisor
        draft = GroupDraft(
            group.device_type,
            0,
            group.own_name,
            group.profile,
            group.location,
            group.interval,
            group.base_power,
            group.base_power_spread,
            base_voltage=self._voltage(group),
            site=fleet.name if group.by_site else "",
        )
        record = draft.record(supervisor.catalogue)
        now = supervisor.around.clock.now()
        return RosterGroup.of(fleet.name, fleet.seed, now, record, Turns())

    def _voltage(self, group: Group) -> float | None:
        mains = mains_of(self.order.scenario.fleet.where)
        if mains is None:
            return None
        profile = self.system.supervisor.catalogue.get(group.device_type).profile(group.profile)
        return mains.of(profile.phases, group.base_power or profile.base_power)

    async def run(self, began: float) -> None:
        """Follow the schedule from `began`, on Trio's clock, until cancelled."""
        while True:
            now = trio.current_time()
            await self.follow(now - began)
            await trio.sleep_until(now + _LOOK_S)

    async def follow(self, moment_s: float) -> None:
        """Bring about what is wanted `moment_s` after the start."""
        for group in self.order.scenario.fleet.groups:
            wanted = round(self.schedule.courses[group.own_name].at(moment_s))
            began, before = trio.current_time(), len(self.system.supervisor)
            await self._bring_about(group.own_name, wanted)
            more = max(0, len(self.system.supervisor) - before)
            load = self.order.scenario.load
            rate = load.pace / (group.interval or load.interval)
            if self.system.pacer.running and not load.by_hand:
                self.late_due += more * (trio.current_time() - began) / 2.0 * rate

    async def _bring_about(self, name: str, wanted: int) -> None:
        group, supervisor = self._groups[name], self.system.supervisor
        prefix = prefix_of(group.fleet, name)
        while (reached := self._reached[name]) != wanted:
            number = reached + 1 if reached < wanted else reached
            self._reached[name] = number if reached < wanted else number - 1
            if not self.order.owns(number):
                continue
            device_id = id_of(prefix, number)
            if reached < wanted:
                spec = group.spec.device(device_id, group.seed)
                supervisor.children.bring(DeviceRecord(spec, group.created_at))
            else:
                supervisor.children.take_down(device_id)
            if number // self.order.of % _SLICE == 0:
                await trio.lowlevel.checkpoint()

    async def take_all_down(self) -> None:
        """Leave nothing behind: no device, and no retained status at the broker."""
        try:
            for name in self._groups:
                await self._bring_about(name, 0)
        except DeviceGoneError:
            return  # the service ends already
