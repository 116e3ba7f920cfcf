"""A soak test whose time goes in steps: a day in seconds, and nothing on its way between two."""

from pathlib import Path

import pytest
import trio

from iotmock.model.families import built_in
from iotmock.soak.scenario.reading.file import to_scenario
from iotmock.soak.scenario.scenario import ScenarioError
from iotmock.soak.shard.stepping import stops
from tests.mosquitto import running_mosquitto
from tests.soak.receiver.proxy import Fate, running_proxy
from tests.soak.scenarios import scenario, soaking

STEPS = 'speed = "step"\nstep = "1h"'
DAY_S = 86_400.0
PHASES = """
[[phase]]
kind = "fault"
at = "6h30m"
duration = "1h"
fault = "outage"
parameters = { buffer = 0 }
select = { share = 1 }
[[phase]]
kind = "scale"
at = "12h"
group = "roof"
count = 5
"""


@pytest.mark.long(20)
def test_a_day_goes_through_its_phases_and_every_message_is_accounted_for(tmp_path: Path) -> None:
    with running_mosquitto(tmp_path) as broker:
        text = scenario(
            broker.port, devices=10, seconds=DAY_S, interval=600.0, load=STEPS, more=PHASES
        )
        with soaking(tmp_path, text, "--workers", "2") as soak:
            assert soak.wait() == 0, soak.said
    totals = soak.totals
    assert totals["due"] == 10 * 72 + 5 * 72
    assert totals["withheld"] == 10 * 6
    assert totals["sent"] == totals["received"] == totals["due"] - totals["withheld"]
    assert soak.result["duration_s"] < 1_000.0
    planned = [event for event in soak.result["events"] if event["kind"] in {"fault", "scale"}]
    assert [event["kind"] for event in planned] == ["fault", "scale"]


@pytest.mark.trio
@pytest.mark.long(20)
async def test_what_is_lost_between_two_steps_is_found(tmp_path: Path) -> None:
    lost = {("soak-roof-000001", number): Fate.DROPPED for number in (3, 9)}
    with running_mosquitto(tmp_path) as broker:
        async with running_proxy(broker.port, "client", lost) as proxy:
            text = scenario(
                proxy.port, devices=2, seconds=7_200.0, interval=600.0, load=STEPS,
                fleet="name = 'soak'",
            )  # fmt: skip
            with soaking(tmp_path, text) as soak:
                assert await trio.to_thread.run_sync(soak.wait) == 1, soak.said
    assert (soak.totals["lost"], soak.totals["received"]) == (2, 22)
    assert soak.result["worst_devices"][0]["numbers"] == "3, 9"


@pytest.mark.long(20)
def test_a_run_whose_broker_stays_away_ends_and_proves_nothing(tmp_path: Path) -> None:
    phase = "[[phase]]\nkind = 'fault'\nat = 3600\nduration = 60\nfault = 'outage'\n"
    with running_mosquitto(tmp_path) as broker:
        text = scenario(
            broker.port, devices=2, seconds=DAY_S * 300, interval=60.0, load=STEPS, more=phase,
            verify="late_after = 10", punctual=True,
        ).replace("drain = 20", "drain = 2")  # fmt: skip
        with soaking(tmp_path, text) as soak:
            soak.wait_for("outage")
            broker.kill()
            assert soak.wait(120.0) == 3, soak.said
    assert "ends at" in soak.said
    assert soak.totals["sent"] < 0.9 * soak.totals["due"]


@pytest.mark.parametrize(
    ("step_s", "length_s", "moments", "ends"),
    [
        (10.0, 30.0, [], [10.0, 20.0, 30.0]),
        (10.0, 25.0, [], [10.0, 20.0, 25.0]),
        (10.0, 25.0, [0.0, 12.5, 20.0, 40.0], [10.0, 12.5, 20.0, 25.0]),
        (100.0, 25.0, [], [25.0]),
    ],
)
def test_steps_end_where_something_happens(
    step_s: float, length_s: float, moments: list[float], ends: list[float]
) -> None:
    assert stops(step_s, length_s, iter(moments)) == ends


@pytest.mark.parametrize(
    ("more", "load", "why"),
    [
        ({}, {"step": 60}, 'load.step: needs speed = "step"'),
        ({}, {"speed": "steps"}, "load.speed: must be"),
        (
            {"phase": [{"kind": "pause", "at": 1, "duration": 1}]},
            {"speed": "step"},
            "phase.0.: needs time that runs by itself",
        ),
        (
            {"campaign": [{"at": 1, "command": "reboot", "commands": 1, "rate": 1}]},
            {"speed": "step"},
            "campaign.0.: needs time that runs by itself",
        ),
    ],
)
def test_what_does_not_go_with_steps_is_refused(
    more: dict[str, object], load: dict[str, object], why: str
) -> None:
    tables = {
        "fleet": {"group": [{"device_type": "hvac", "count": 1}]},
        "load": {"duration": 600, "interval": 1, **load},
        **more,
    }
    with pytest.raises(ScenarioError, match=why):
        to_scenario(tables, built_in(), "a scenario")
