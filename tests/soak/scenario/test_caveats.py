"""What `iotmock soak check` warns of: what tests nothing, and what is lacking here."""

from pathlib import Path
from typing import Any

import pytest

from iotmock.soak.scenario.caveats import Caveats
from iotmock.soak.scenario.reading.lacking import Lacking
from tests.soak.runs import SMALL, scenario

BROKER = {"host": "broker"}
STORM = {"kind": "connection_storm", "at": 100}


def caveats(**sections: Any) -> list[str]:
    return [str(one) for one in Caveats(scenario(**{"broker": BROKER, **sections})).found()]


def fleet(**changes: Any) -> dict[str, Any]:
    return {"fleet": {**SMALL["fleet"], **changes}}


def test_a_sound_scenario_has_none() -> None:
    assert caveats() == []
    assert caveats(**fleet(connections="per-device"), phase=[STORM, STORM | {"share": "1%"}]) == []


@pytest.mark.parametrize(
    ("sections", "caveat"),
    [
        ({"broker": None}, "broker: is left out: the run brings its own"),
        ({"phase": [STORM]}, "phase[0]: the storm is of one shared connection; give"),
        (fleet(connections="pool:1") | {"phase": [STORM]}, "phase[0]: the storm is of one shared"),
        (
            fleet(connections="pool:4") | {"phase": [STORM | {"share": 0.1}]},
            'phase[0].share: 0.1 of 4 connections is none; give "25%"',
        ),
        (
            {"phase": [{"kind": "fault", "at": 20, "fault": "stuck", "duration": 5}]},
            "phase[0].duration: is shorter than the interval (10 s)",
        ),
        (
            {"phase": [{"kind": "fault", "at": 20, "fault": "gap", "select": {"ids": ["x"]}}]},
            "phase[0].select: selects no device",
        ),
        (
            {"phase": [{"kind": "blackout", "at": 1, "duration": 2, "location": "north"}]},
            "phase[0]: is over before the fleet stands, 10 s after the start",
        ),
        (
            {
                "campaign": [
                    {"at": 1, "command": "reboot", "rate": 9, "commands": 9, "select": {"ids": []}}
                ]
            },
            "campaign[0].select: selects no device",
        ),
        (
            {"load": {"duration": 15, "interval": 10}},
            "fleet.group[0]: its devices send a message or none in load.duration (15 s)",
        ),
        (
            {"verify": {"late_after": 600, "drain": 5}, "thresholds": {"late": 0}},
            "verify.late_after: is longer than the run and verify.drain (305 s)",
        ),
    ],
)
def test_what_tests_nothing_is_said(sections: dict[str, Any], caveat: str) -> None:
    given = {key: value for key, value in {"broker": BROKER, **sections}.items() if value}
    (only,) = [str(one) for one in Caveats(scenario(**given)).found()]
    assert only.startswith(caveat)


def test_what_is_lacking_here_is_said(tmp_path: Path) -> None:
    some = scenario(
        broker={"password_env": "P", "tls": True, "tls_ca": str(tmp_path / "ca.pem")},
        verify={"sql": {"url_env": "U", "query": ":begin :end"}},
    )
    assert [str(one) for one in Lacking(some, {"U": "sqlite://"}).found()] == [
        "broker.password_env: the variable P is not set here",
        f"broker.tls_ca: there is no file {tmp_path / 'ca.pem'} here",
    ]
    (tmp_path / "ca.pem").touch()
    assert list(Lacking(some, {"P": "p", "U": "sqlite://"}).found()) == []
