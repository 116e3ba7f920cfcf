"""What happens goes to those who want it, and costs nobody else anything."""

from typing import Any

import msgspec
import pytest
import trio

from iotmock.actors.errors import StoppingError, TooManyListenersError
from iotmock.actors.messages import CommandRequest, IncomingCommand
from iotmock.actors.stream.event import Event
from iotmock.actors.stream.hub import Hub
from iotmock.actors.stream.listener import Listener
from iotmock.actors.stream.wanted import Wanted
from iotmock.model.faults.request import FaultRequest
from tests.actors.rig import Rig, assemble, running
from tests.simulated_time import simulated_time

pytestmark = simulated_time
READINGS = Wanted(frozenset({"reading"}))


def hub_of(rig: Rig) -> Hub:
    return rig.supervisor.around.hub


def told(listener: Listener) -> list[Event]:
    events = list[Event]()
    while batch := listener.take():
        events += batch
    return events


def devices(listener: Listener) -> set[str]:
    return {event.device_id for event in told(listener)}


def data(event: Event) -> Any:
    return msgspec.json.decode(event.data)


async def test_a_reading_is_told_as_it_goes_to_the_broker() -> None:
    async with running(assemble()) as rig:
        await rig.supervisor.create("plain", name="D", device_id="one")
        listener = hub_of(rig).join(READINGS)
        await trio.sleep(5)
        (event,) = told(listener)
    assert event.kind == "reading"
    assert event.data in [message.payload for message in rig.publisher._waiting]


async def test_readings_pass_by_untouched_while_nobody_wants_any() -> None:
    async with running(assemble()) as rig:
        hub, around = hub_of(rig), rig.supervisor.around
        await rig.supervisor.create("plain", name="D")
        straight, before = around.send, hub.number
        listener = hub.join(Wanted())
        assert around.send == straight
        reader = hub.join(READINGS)
        assert around.send != straight
        hub.leave(reader)
        hub.leave(listener)
        await trio.sleep(31)
        hub.tidy()
        assert around.send == straight
        assert hub.number > before


async def test_only_devices_that_are_wanted_are_told_of() -> None:
    async with running(assemble()) as rig:
        hub, create = hub_of(rig), rig.supervisor.create
        await create("plain", name="A", device_id="a", location="North")
        await create("plain", name="B", device_id="b", location="South")
        await create("hvac", name="C", device_id="c", location="South")
        kinds = READINGS.kinds
        by_id = hub.join(Wanted(kinds, device_ids=frozenset({"a", "c"})))
        by_location = hub.join(Wanted(kinds, location="South"))
        by_both = hub.join(Wanted(kinds, location="South", device_type="hvac"))
        await trio.sleep(5)
        assert devices(by_id) == {"a", "c"}
        assert devices(by_location) == {"b", "c"}
        assert devices(by_both) == {"c"}


async def test_a_device_that_moves_or_comes_later_is_found_where_it_is() -> None:
    async with running(assemble()) as rig:
        listener = hub_of(rig).join(Wanted(frozenset({"reading"}), location="South"))
        await rig.supervisor.create("plain", name="A", device_id="a", location="North")
        await trio.sleep(5)
        assert devices(listener) == set()
        await rig.supervisor.update("a", location="South")
        await rig.supervisor.create("plain", name="B", device_id="b", location="South")
        await trio.sleep(5)
        assert devices(listener) == {"a", "b"}


async def test_statuses_commands_and_faults_are_told() -> None:
    async with running(assemble()) as rig:
        listener = hub_of(rig).join(Wanted())
        await rig.supervisor.create("plain", name="D", device_id="d")
        request = CommandRequest("set_online", {"online": False})
        await rig.supervisor.command("d", request)
        rig.router.route(IncomingCommand("d", b'{"command": "set_online", "parameters": {}}'))
        await rig.faults.inject("d", FaultRequest("stuck", {}, None, 7.0))
        await trio.sleep(20)
        events = told(listener)
    assert [(e.kind, data(e).get("status")) for e in events if e.kind != "fault"] == [
        ("status", "online"),
        ("status", "offline"),
        ("command", "applied"),
        ("command", "rejected"),
    ]
    changes = [data(e)["change"] for e in events if e.kind == "fault"]
    assert changes == ["scheduled", "began", "ended"]
    assert [e.number for e in events] == sorted({e.number for e in events})


async def test_who_is_slow_loses_the_oldest_and_knows_how_many() -> None:
    hub = Hub()
    listener = hub.join(Wanted())
    listener.capacity = 10
    for _ in range(25):
        hub._add("status", "d", b"{}")
    assert listener.take_dropped() == 15
    assert [event.number for event in told(listener)] == list(range(16, 26))
    assert listener.take_dropped() == 0


async def test_of_summaries_only_the_latest_waits() -> None:
    hub = Hub()
    listener = hub.join(Wanted())
    for number in range(3):
        hub.summed_up(b"%d" % number)
    assert (listener.take_dropped(), listener.take_summary()) == (2, b"2")
    assert listener.take_summary() is None


async def test_who_comes_back_is_told_what_it_missed() -> None:
    hub = Hub()
    gone = hub.join(Wanted())
    hub._add("status", "d", b"1")
    last = told(gone)[-1].number
    hub.leave(gone)
    hub._add("status", "d", b"2")
    hub._add("fault", "d", b"3")
    back = hub.join(Wanted(), hub.id_of(last))
    assert back.loss is None
    assert [event.data for event in told(back)] == [b"2", b"3"]


async def test_readings_go_on_to_be_kept_for_who_may_come_back() -> None:
    async with running(assemble()) as rig:
        hub = hub_of(rig)
        await rig.supervisor.create("plain", name="D", device_id="d")
        gone = hub.join(READINGS)
        await trio.sleep(5)
        last = hub.id_of(told(gone)[-1].number)
        hub.leave(gone)
        await trio.sleep(10)
        back = hub.join(READINGS, last)
        assert back.loss is None
        assert len(told(back)) == 2


async def test_readings_that_nobody_kept_are_said_to_be_missing() -> None:
    async with running(assemble()) as rig:
        hub = hub_of(rig)
        await rig.supervisor.create("plain", name="D", device_id="d")
        gone = hub.join(READINGS)
        await trio.sleep(5)
        last = hub.id_of(told(gone)[-1].number)
        hub.leave(gone)
        await trio.sleep(60)
        hub.tidy()
        back = hub.join(READINGS, last)
    assert back.loss is not None
    assert (back.loss.dropped, back.loss.since) == (None, last)


@pytest.mark.parametrize("last", ["", "nonsense", "0123abcd-7", "-1", "{life}-99", "{life}-x"])
async def test_an_id_of_another_life_is_a_loss(last: str) -> None:
    hub = Hub()
    hub._add("status", "d", b"{}")
    listener = hub.join(Wanted(), last.format(life=hub.life))
    assert listener.loss is not None
    assert told(listener) == []


async def test_what_is_too_long_ago_is_a_loss_and_the_rest_is_told() -> None:
    hub = Hub()
    for _ in range(6_000):
        hub._add("status", "d", b"{}")
    listener = hub.join(Wanted(), hub.id_of(1))
    assert listener.loss is not None
    assert told(listener)[-1].number == 6_000


async def test_no_more_may_listen_than_there_is_room_for() -> None:
    hub = Hub(2)
    first = hub.join(Wanted())
    hub.join(Wanted())
    with pytest.raises(TooManyListenersError, match="STREAM_LISTENERS"):
        hub.join(Wanted())
    hub.leave(first)
    hub.join(Wanted())


async def test_the_end_wakes_everybody_and_lets_nobody_in() -> None:
    hub = Hub()
    listener = hub.join(Wanted())
    hub.close()
    await listener.wait()
    assert listener.closed
    with pytest.raises(StoppingError):
        hub.join(Wanted())


async def test_a_hundred_listeners_and_one_that_never_takes_leave_the_ticks_alone() -> None:
    async with running(assemble(interval=1.0)) as rig:
        hub = hub_of(rig)
        for number in range(50):
            await rig.supervisor.create("plain", name="D", device_id=f"d-{number}")
        stalled = hub.join(READINGS)
        others = [hub.join(Wanted(frozenset({"reading", "status"}))) for _ in range(100)]
        await trio.sleep(0.005)  # between two phases
        heard = [0] * 100
        for _ in range(60):
            await trio.sleep(1)
            heard = [so_far + len(told(one)) for so_far, one in zip(heard, others, strict=True)]
        ticks = rig.pacer.statistics()
        waiting = len(stalled._waiting)
    assert ticks.coalesced == 0
    assert ticks.due == ticks.done >= 50 * 60 - 50
    assert heard == [ticks.done] * 100
    assert (waiting, stalled.dropped) == (stalled.capacity, ticks.done - stalled.capacity)
