"""Whoever listens to a service hears its own words, whatever its devices say to the broker."""

import json

import pytest
from trio.testing import MockClock

from iotmock.actors.devices.device import reading_in
from iotmock.actors.messages import Kind
from iotmock.service.ground.words import read_named
from tests.actors.rig import assemble, running

pytestmark = pytest.mark.trio


async def test_a_reading_is_told_once_and_as_iotmock_has_it(autojump_clock: MockClock) -> None:
    rig = assemble()
    rig.supervisor.around.dialect = read_named("evcc")
    async with running(rig, paced=False):
        await rig.supervisor.create("hvac", name="H", device_id="h")
        await rig.supervisor.simulate("h")
        said = [one for one in rig.publisher._waiting if one.kind is Kind.DATA]
        assert [one.topic.rpartition("/")[2] for one in said] == ["power", "energy", "current"]
        told = [reading_in(rig.supervisor.children.by_id, one) for one in said]
    first, *others = told
    assert first is not None
    assert json.loads(first)["power"] * 1000 == pytest.approx(float(said[0].payload))
    assert others == [None, None]


async def test_a_device_that_is_renamed_speaks_under_its_new_name(
    autojump_clock: MockClock,
) -> None:
    rig = assemble()
    rig.supervisor.around.dialect = read_named("openwb")
    async with running(rig, paced=False):
        await rig.supervisor.create("hvac", name="7", device_id="h")
        await rig.supervisor.update("h", name="8")
        await rig.supervisor.simulate("h")
        topics = {one.topic for one in rig.publisher._waiting if one.kind is Kind.DATA}
    assert all(topic.startswith("openWB/set/mqtt/counter/8/get/") for topic in topics)
