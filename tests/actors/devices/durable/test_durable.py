"""What was answered with success is what the next life has, whatever is done at once.

Hypothesis steers: which changes are asked for while others are under way, whose callers give up,
when the disk is slow, full or well again, when time passes, and when the service ends or is killed.
"""

import shutil
from contextlib import suppress
from typing import Any

import pytest
import trio
from attrs import evolve
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from trio.testing import wait_all_tasks_blocked

from iotmock.actors.errors import UnknownFleetError
from iotmock.model.fleet import id_of
from tests.actors.devices.durable.asking import FLEETS, IDS, SPEC, Asking
from tests.actors.devices.durable.knowledge import Single, State, Whole

pytestmark = pytest.mark.long(10)
DEEDS: list[tuple[str, *tuple[Any, ...]]] = [
    ("put", "a", False),
    ("command", "a", 3.0, False),
    ("command_over_mqtt", "a", 4.0),
    ("delete", "a", False),
    ("delete", "a", True),
    ("create", "a", False),
    ("patch", "f", 5, False),
    ("patch", "f", 1, False),
    ("remove", "f", False),
    ("delete_member", "f-plain-000002", False),
    ("delete_member", "f-plain-000003", True),
]

ENDINGS = ["quiet", "kill", "close"]


class Durable(Asking):
    """Changes at once, and what is left of them."""

    def teardown(self) -> None:
        if hasattr(self, "trio"):
            try:
                self.trio.do(self._kill)
            finally:
                self.trio.stop()
                shutil.rmtree(self.folder)

    # What happens meanwhile

    @rule(which=st.integers(0, 7))
    def give_up(self, which: int) -> None:
        if self.asked:
            asked = self.asked[which % len(self.asked)]
            self.trio.do(self._cancel, asked)

    @rule(full=st.sampled_from([False, False, True]), slow=st.sampled_from([True, True, False]))
    def disk(self, full: bool, slow: bool) -> None:
        self.trio.do(self._set_disk, full, slow)

    async def _set_disk(self, full: bool, slow: bool) -> None:
        file = self.life.file
        file.full = full
        if not slow:
            file.quick.set()
        elif file.quick.is_set():
            file.quick = trio.Event()
        await wait_all_tasks_blocked()

    @rule(seconds=st.sampled_from([0.5, 1.5, 5.0]))
    def time_passes(self, seconds: float) -> None:
        self.trio.do(self._pass, seconds)

    async def _pass(self, seconds: float) -> None:
        for _ in range(round(seconds / 0.5)):
            self.trio.clock.jump(0.5)
            await wait_all_tasks_blocked()

    @invariant()
    def nothing_was_answered_that_is_not_so(self) -> None:
        if hasattr(self, "answers"):
            self._note_answers()

    @rule(
        deeds=st.lists(st.sampled_from(DEEDS), min_size=1, max_size=3),
        full=st.booleans(),
        then=st.sampled_from(ENDINGS),
    )
    def trouble(self, deeds: list[tuple[str, *tuple[Any, ...]]], full: bool, then: str) -> None:
        """Everything is there, and what is asked then meets a disk that is full or hangs.

        By chance alone this comes together too seldom to find what forgets to undo.
        """
        self._populate()
        self.trio.do(self._set_disk, full, not full)
        for name, *arguments in deeds:
            getattr(self, name)(*arguments)
        self.nothing_was_answered_that_is_not_so()
        getattr(self, then)()

    def _populate(self) -> None:
        self.quiet()
        for name in IDS:
            self.create(name, hang_up=False)
        for name in FLEETS:
            self.found(name, 3, hang_up=False)
        self.quiet()

    # What is left

    @rule()
    def quiet(self) -> None:
        self.trio.do(self._become_quiet)
        self._compare()

    async def _become_quiet(self) -> None:
        await self._set_disk(full=False, slow=False)
        await self._pass(5.0)
        assert not self.asked
        self._note_answers()
        for _ in self.knowledge.open:
            self.knowledge.loosen()
        self.knowledge.open.clear()

    @rule()
    def kill(self) -> None:
        self.trio.do(self._kill)
        self.trio.do(self._live)
        self.trio.do(self._become_quiet)
        self._compare()

    async def _kill(self) -> None:
        # First the service: its callers see nothing of what comes to be afterwards.
        for asked in self.asked:
            asked.scope.cancel()
        self.life.over.cancel()
        await self.life.ended.wait()
        await wait_all_tasks_blocked()

    @rule()
    def end(self) -> None:
        self.trio.do(self._become_quiet)
        self._compare()
        self.kill()

    @rule()
    def close(self) -> None:
        """End as a service does at SIGTERM, in the middle of everything."""
        self.trio.do(self._close)
        self.kill()

    async def _close(self) -> None:
        rig = self.life.rig
        self.life.file.quick.set()
        rig.supervisor.close()
        while not rig.supervisor._ended.is_set():
            await self._pass(0.5)
        await rig.registry.write_now(rig.supervisor.counters, closes=True)
        await wait_all_tasks_blocked()
        self._note_answers()

    def _compare(self) -> None:
        """What runs is one of the states that the answers allow; from here on the only one."""
        rig, states = self.life.rig, self.knowledge.states
        singles = {id_: rig.supervisor.children.singles.get(id_) for id_ in IDS}
        for name, device in singles.items():
            spec = device.model.spec if device else None
            found = Single(spec.name, spec.base_power) if spec else None
            assert found in states[name], (name, found, states[name])
            states[name] = {found}
        for name in FLEETS:
            whole = self._whole(name)
            allowed = [_settled(state) for state in states[name]]
            assert whole in allowed, (name, whole, allowed)
            states[name] = {whole}
        expected = {id_ for id_, device in singles.items() if device} | {
            id_of(f"{name}-plain", number)
            for name in FLEETS
            for state in states[name]
            if isinstance(state, Whole)
            for number in state.members
        }
        assert {device.device_id for device in rig.supervisor} == expected

    def _whole(self, name: str) -> Whole | None:
        with suppress(UnknownFleetError):
            fleet = self.life.rig.fleets.get(name)
            assert fleet.state == "ready"
            assert fleet.present == fleet.wanted
            return Whole(evolve(fleet.groups["plain"].record(), spec=SPEC, reached=0))
        return None


def _settled(state: State) -> State:
    if not isinstance(state, Whole):
        return state
    return None if state.deleting else evolve(state, gone=frozenset())


@pytest.mark.parametrize("then", ENDINGS)
@pytest.mark.parametrize("full", [True, False], ids=["full", "hangs"])
def test_every_deed_meets_every_trouble(full: bool, then: str) -> None:
    machine = Durable()
    machine.begin()
    try:
        for deed in DEEDS:
            machine.trouble([deed], full, then)
            machine.quiet()
    finally:
        machine.teardown()


TestDurable = Durable.TestCase

TestDurable.settings = settings(
    max_examples=25,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
