"""What is asked of a life: changes, several at once, and what an answer to each allows."""

import itertools
import tempfile
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

from attrs import evolve
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from trio.testing import wait_all_tasks_blocked

from iotmock.actors.definitions.draft import GroupDraft
from iotmock.actors.errors import (
    ActorError,
    DeviceBusyError,
    DeviceExistsError,
    DeviceGoneError,
    StorageError,
    UnknownDeviceError,
    UnsavedError,
)
from iotmock.actors.messages import CommandRequest
from iotmock.model.fleet import GroupRecord, GroupSpec, id_of
from tests.actors.devices.durable.knowledge import Asked, Knowledge, Single, State, Step, Whole
from tests.actors.devices.durable.lives import Life, Trio

IDS = ("a", "b")
FLEETS = ("f", "g")
MEMBERS = tuple(id_of(f"{fleet}-plain", number) for fleet in FLEETS for number in range(1, 6))
HANGS_UP = st.sampled_from([False, False, True])
SPEC = GroupSpec("plain", "plain", 10.0, 240.0)


class Asking(RuleBasedStateMachine):
    """Changes of a roster, each with what is known once it is answered."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.trio = Trio()
        self.trio.start()
        self.numbers = itertools.count()
        self.asked: list[Asked] = []
        self.knowledge = Knowledge({name: {None} for name in (*IDS, *FLEETS)})
        self.answers: list[tuple[int, int, Asked, Step | None]] = []
        self.trio.do(self._live)

    async def _live(self) -> None:
        self.life = Life(str(self.folder / "state.db"))
        assert self.trio.nursery is not None
        await self.trio.nursery.start(self.life.run)

    def _ask(
        self, asked: Asked, ask: Callable[[], Awaitable[object]], hang_up: bool = False
    ) -> None:
        self.asked.append(asked)
        self.trio.do(self._begin, asked, ask)
        if hang_up:
            self.trio.do(self._cancel, asked)

    async def _begin(self, asked: Asked, ask: Callable[[], Awaitable[object]]) -> None:
        assert self.trio.nursery is not None
        self.trio.nursery.start_soon(self._follow, asked, ask)
        await wait_all_tasks_blocked()

    async def _follow(self, asked: Asked, ask: Callable[[], Awaitable[object]]) -> None:
        step: Step | None = None
        with asked.scope:
            try:
                await ask()
                step = asked.done
            except (ActorError, ValueError) as error:
                step = asked.not_done(error)
        self.asked.remove(asked)
        self.answers.append((self.trio.turns.count, asked.number, asked, step))

    def _note_answers(self) -> None:
        """Take up what was answered, in the order of the answers; within a turn, as asked."""
        for _, _, asked, step in sorted(self.answers, key=lambda answer: answer[:2]):
            if step is None:
                self.knowledge.open.append(asked)
            else:
                self.knowledge.apply(asked, step)
        self.answers.clear()

    @rule(name=st.sampled_from(IDS), hang_up=HANGS_UP)
    def create(self, name: str, hang_up: bool) -> None:
        made = Single(f"n{next(self.numbers)}")

        def refused(error: Exception) -> Step:
            if isinstance(error, DeviceExistsError):
                return lambda state: {state} - {None}
            if isinstance(error, DeviceBusyError | DeviceGoneError):
                return _unchanged(error)
            assert isinstance(error, StorageError), error
            return lambda state: {state} & {None}

        ask = partial(self.life.rig.supervisor.create, "plain", device_id=name, name=made.name)
        self._ask(
            Asked(name, lambda state: {made} if state is None else set(), refused), ask, hang_up
        )

    @rule(name=st.sampled_from(IDS), hang_up=HANGS_UP)
    def put(self, name: str, hang_up: bool) -> None:
        new = f"n{next(self.numbers)}"
        ask = partial(self.life.rig.supervisor.update, name, name=new)
        self._ask(_changing(name, name=new), ask, hang_up)

    @rule(
        name=st.sampled_from(IDS),
        power=st.floats(1.0, 9.0).map(lambda power: round(power, 3)),
        hang_up=HANGS_UP,
    )
    def command(self, name: str, power: float, hang_up: bool) -> None:
        request = CommandRequest("set_power", {"power": power})
        self._ask(
            _changing(name, power=power),
            partial(self.life.rig.supervisor.command, name, request),
            hang_up,
        )

    @rule(name=st.sampled_from(IDS), power=st.floats(1.0, 9.0).map(lambda power: round(power, 3)))
    def command_over_mqtt(self, name: str, power: float) -> None:
        self._ask(_changing(name, power=power), partial(self.life.results.command, name, power))

    @rule(name=st.sampled_from(IDS), hang_up=HANGS_UP)
    def delete(self, name: str, hang_up: bool) -> None:
        def refused(error: Exception) -> Step:
            if isinstance(error, UnknownDeviceError):
                return lambda state: {state} & {None}
            if isinstance(error, DeviceBusyError):
                return _unchanged(error)
            assert isinstance(error, StorageError), error
            return lambda state: {state} - {None}

        asked = Asked(name, lambda state: set() if state is None else {None}, refused)
        self._ask(asked, partial(self.life.rig.supervisor.delete, name), hang_up)

    @rule(name=st.sampled_from(FLEETS), count=st.integers(1, 5), hang_up=HANGS_UP)
    def found(self, name: str, count: int, hang_up: bool) -> None:
        def done(state: State) -> set[State]:
            gone = state is None or (isinstance(state, Whole) and state.deleting)
            return {Whole(GroupRecord(SPEC, count, 0))} if gone else set()

        ask = partial(self.life.rig.fleets.create, name, [GroupDraft("plain", count)])
        self._ask(Asked(name, done, _unchanged), ask, hang_up)

    @rule(name=st.sampled_from(FLEETS), count=st.integers(0, 5), hang_up=HANGS_UP)
    def patch(self, name: str, count: int, hang_up: bool) -> None:
        def done(state: State) -> set[State]:
            if not isinstance(state, Whole) or state.deleting:
                return set()
            return set[State](state.scaled(count))

        ask = partial(self.life.rig.fleets.scale, name, {"plain": count})
        self._ask(Asked(name, done, _unchanged), ask, hang_up)

    @rule(name=st.sampled_from(FLEETS), hang_up=HANGS_UP)
    def remove(self, name: str, hang_up: bool) -> None:
        def done(state: State) -> set[State]:
            if not isinstance(state, Whole):
                return set()
            return {evolve(whole, deleting=True) for whole in state.scaled(0)}

        self._ask(
            Asked(name, done, _unchanged), partial(self.life.rig.fleets.remove, name), hang_up
        )

    @rule(member=st.sampled_from(MEMBERS), hang_up=HANGS_UP)
    def delete_member(self, member: str, hang_up: bool) -> None:
        number = int(member[-6:])

        def done(state: State) -> set[State]:
            return {state.without(number)} if isinstance(state, Whole) else set()

        ask = partial(self.life.rig.supervisor.delete, member)
        self._ask(Asked(member[0], done, _unchanged), ask, hang_up)

    @rule(member=st.sampled_from(MEMBERS), hang_up=HANGS_UP)
    def put_member(self, member: str, hang_up: bool) -> None:
        ask = partial(self.life.rig.supervisor.update, member, name="changed")
        self._ask(Asked(member[0], lambda state: {state}, _unchanged), ask, hang_up)

    async def _cancel(self, asked: Asked) -> None:
        asked.scope.cancel()
        await wait_all_tasks_blocked()


def _unchanged(_: Exception) -> Step:
    return lambda state: {state}


def _changing(subject: str, **fields: Any) -> Asked:
    def done(state: State) -> set[State]:
        # None: it was deleted meanwhile, and its change with it.
        return {evolve(state, **fields)} if isinstance(state, Single) else {None}

    def refused(error: Exception) -> Step:
        if isinstance(error, UnsavedError):
            return lambda state: {state} | done(state)
        return lambda state: {state}

    return Asked(subject, done, refused)
