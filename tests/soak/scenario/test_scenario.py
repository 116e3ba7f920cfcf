"""What a scenario is once it was read: values, defaults, and secrets that nobody is shown."""

import msgspec
import pytest

from iotmock.model.families import built_in
from iotmock.soak.scenario.reading.file import to_scenario
from iotmock.soak.scenario.scenario import Scenario, ScenarioError
from iotmock.soak.scenario.section import without_secrets
from iotmock.soak.scenario.selection import ids_of
from iotmock.soak.scenario.timeline import Blackout, FaultInjection, Selector
from tests.soak.runs import SMALL, scenario


def test_what_is_left_out_has_defaults() -> None:
    small = scenario()
    assert (small.broker.host, small.broker.port) == ("localhost", 1883)
    assert small.fleet.connections == "shared"
    assert small.load.qos == 1
    assert small.thresholds.loss == 0.0
    assert small.fleet.groups[0].own_name == "hvac"


def test_durations_and_shares_are_numbers_or_texts() -> None:
    some = scenario(
        load={"duration": "1h30m", "interval": "500ms"},
        thresholds={"loss": "0.1%", "late": 0.5, "memory_growth": "5 %"},
    )
    assert (some.load.duration, some.load.interval) == (5_400.0, 0.5)
    limits = some.thresholds
    assert (limits.loss, limits.late, limits.memory_growth) == (0.001, 0.5, 0.05)


def test_the_url_of_a_broker_is_what_it_stands_for() -> None:
    some = scenario(broker={"url": "wss://user:se%20cret@b.example/ws", "tls_ca": "ca.pem"}).broker
    assert (some.host, some.port, some.tls, some.tls_ca) == ("b.example", 443, True, "ca.pem")
    assert (some.transport, some.websocket_path, some.url) == ("websocket", "/ws", None)
    assert (some.username, some.password) == ("user", "se cret")
    assert "cret" not in repr(some)


def test_a_phase_is_what_its_kind_says() -> None:
    some = scenario(
        phase=[
            {"kind": "blackout", "at": "1m", "duration": 30, "location": "north", "recovery": 20},
            {"kind": "fault", "at": 10, "fault": "stuck", "select": {"share": "10%"}},
        ]
    )
    blackout, fault = some.phases
    assert isinstance(blackout, Blackout)
    assert (blackout.at, blackout.length_s, blackout.label) == (60.0, 50.0, "blackout of north")
    assert isinstance(fault, FaultInjection)
    assert (fault.select.share, fault.length_s) == (0.1, float("inf"))


def test_sites_are_groups_of_which_the_first_sites_have_all() -> None:
    some = scenario(
        fleet={"name": "h", "site": [{"kind": "home", "count": 100}]},
        phase=[{"kind": "blackout", "at": 10, "duration": 30, "location": "h-000007"}],
    )
    counts = {group.own_name: group.count for group in some.fleet.groups}
    assert (counts["meter"], counts["fridge"], counts["solar"]) == (100, 99, 30)
    assert counts["battery"] < counts["solar"]
    again = msgspec.json.decode(msgspec.json.encode(some), type=Scenario)
    assert again.fleet == some.fleet
    found = list(ids_of(some, Selector(location="h-000007")))
    assert len(found) == len(counts)
    assert "h-meter-000007" in found


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ({"country": "XX"}, "fleet.country: unknown country 'XX'"),
        ({"country": "DE", "region": "CA"}, "fleet.region: unknown region 'CA' of DE"),
        ({"region": "BY"}, "fleet.region: needs a country"),
    ],
)
def test_a_country_that_there_is_not_is_named(where: dict[str, str], message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        scenario(fleet={"site": [{"kind": "home", "count": 1}], **where})
    assert message in str(caught.value)


def test_a_site_that_is_not_there_is_named() -> None:
    with pytest.raises(ScenarioError, match="not 'h-000101'"):
        scenario(
            fleet={"name": "h", "site": [{"kind": "home", "count": 100}]},
            phase=[{"kind": "blackout", "at": 10, "duration": 30, "location": "h-000101"}],
        )


def test_secrets_are_hidden_wherever_a_scenario_is_shown() -> None:
    secret = "s3cret-of-ours"
    some = scenario(
        broker={"password": secret},
        verify={
            "influx": {"url": "http://x", "org": "o", "bucket": "b", "token": secret},
            "sql": {"url": f"postgresql://u:{secret}@h/d", "query": ":begin :end"},
        },
    )
    assert some.broker.password == secret
    assert secret not in repr(some)
    shown = without_secrets(some)
    assert secret not in msgspec.json.encode(shown).decode()
    assert msgspec.json.decode(msgspec.json.encode(shown), type=Scenario) == shown
    assert shown.load == some.load


def test_small_is_not_changed_by_tests() -> None:
    assert to_scenario(SMALL, built_in(), "small") == scenario()
