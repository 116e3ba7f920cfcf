"""A session of an edge node: numbers in the order of writing, births before data, deaths."""

from iotmock.actors.messages import Kind, Outgoing
from iotmock.dialects.sparkplug.payload import DataType
from iotmock.model.device import Device
from tests.dialects.sparkplug.edge import NOW, Edge, device, sparkplug

NOW_MS = int(NOW * 1_000)


def _data(one: Device, payload: bytes) -> Outgoing:
    name = one.spec.device_id
    return Outgoing(Kind.DATA, name, payload, f"spBv1.0/iotmock/DDATA/edge/{name}")


def test_the_number_begins_at_0_and_goes_on_by_one_up_to_255() -> None:
    edge, one = Edge(), device()
    edge.begin(one)
    for _ in range(300):
        edge.tell_reading(one)
    assert [message.seq for message in edge.written] == [number % 256 for number in range(302)]


def test_what_may_not_be_said_takes_no_number() -> None:
    edge, one, other = Edge(), device("a"), device("b")
    edge.begin(one)
    assert edge.tell_reading(other) is None
    edge.tell_status(other, "offline")
    edge.tell_reading(one)
    assert [message.seq for message in edge.written] == [0, 1, 2]
    assert edge.verbs == ["NBIRTH", "DBIRTH", "DDATA"]


def test_before_its_birth_an_edge_node_says_nothing() -> None:
    edge, one = Edge(), device()
    edge.tell_status(one, "online")
    edge.tell_reading(one)
    edge.write(edge.entry.last)
    assert edge.written == []


def test_a_node_birth_has_bdseq_and_rebirth_and_its_time() -> None:
    edge = Edge(attempt=3)
    edge.begin()
    (birth,) = edge.written
    assert birth.values == {"bdSeq": 3, "Node Control/Rebirth": False}
    assert [metric[4] for metric in birth.raw] == [DataType.INT64, DataType.BOOLEAN]
    assert birth.timestamp == NOW_MS


def test_bdseq_is_that_of_the_will_and_of_the_end_and_goes_on_by_one_up_to_255() -> None:
    for attempt, bd_seq in ((0, 0), (1, 1), (255, 255), (256, 0)):
        edge = Edge(attempt=attempt)
        edge.begin()
        edge.write(edge.entry.last)
        assert [message.values["bdSeq"] for message in edge.written] == [bd_seq, bd_seq]


def test_the_will_is_a_death_with_nothing_but_bdseq() -> None:
    entry = Edge(attempt=7).entry
    assert entry.will is not None
    assert entry.will.topic == "spBv1.0/iotmock/NDEATH/edge"
    assert entry.will.manner is not None
    assert (entry.will.manner.qos, entry.will.manner.retain) == (1, False)
    edge = Edge(attempt=7)
    edge.begin()
    death = edge.write(entry.will)
    assert death is not None
    assert (death.values, death.seq) == ({"bdSeq": 7}, None)
    assert death.raw[0][4] == DataType.INT64


def test_births_again_have_the_same_bdseq_and_begin_with_0() -> None:
    edge, one = Edge(attempt=2), device()
    edge.begin(one)
    edge.tell_reading(one)
    edge.begin(one)
    edge.tell_reading(one)
    assert edge.verbs == ["NBIRTH", "DBIRTH", "DDATA"] * 2
    assert [message.seq for message in edge.written] == [0, 1, 2, 0, 1, 2]
    births = [message for message in edge.written if message.verb == "NBIRTH"]
    assert [birth.values["bdSeq"] for birth in births] == [2, 2]


def test_after_a_rebirth_a_device_is_unborn_until_its_own() -> None:
    edge, one, other = Edge(), device("a"), device("b")
    edge.begin(one, other)
    edge.begin(one)
    assert edge.tell_reading(other) is None
    edge.tell_births(other)
    assert edge.tell_reading(other) is not None


def test_data_that_is_older_than_the_birth_is_history() -> None:
    edge, one = Edge(), device()
    edge.begin(one)
    told = [edge.tell_reading(one, after_s) for after_s in (-10.0, -5.0, 0.0, 5.0)]
    assert [message and message.is_historical for message in told] == [True, True, False, False]
    assert [message.seq for message in edge.written] == list(range(6))


def test_what_was_held_back_is_history_however_late_it_comes() -> None:
    edge, one, other = Edge(), device("a"), device("b")
    edge.begin(one, other)
    told = [edge.tell_reading(of, after_s) for of, after_s in ((one, 5), (other, -60), (one, -60))]
    assert [message and message.is_historical for message in told] == [False, True, True]


def test_what_is_late_by_less_than_the_session_is_no_history() -> None:
    edge, one = Edge(), device()
    edge.begin(one)
    told = [edge.tell_reading(one, after_s) for after_s in (10.0, 5.0)]
    assert [message and message.is_historical for message in told] == [False, False]


def test_a_device_that_is_not_online_is_not_born() -> None:
    edge, one = Edge(), device()
    edge.begin()
    edge.tell_births(one, "offline")
    assert edge.verbs == ["NBIRTH"]


def test_a_device_that_goes_dies_and_one_that_comes_back_is_born() -> None:
    edge, one = Edge(), device()
    edge.begin(one)
    edge.tell_status(one, "offline")
    assert edge.tell_reading(one) is None
    edge.tell_status(one, "online")
    edge.tell_reading(one)
    assert edge.verbs == ["NBIRTH", "DBIRTH", "DDEATH", "DBIRTH", "DDATA"]
    assert [message.seq for message in edge.written] == list(range(5))
    assert (edge.written[2].values, edge.written[2].timestamp) == ({}, NOW_MS)


def test_a_status_of_a_device_that_lives_is_data() -> None:
    edge, one = Edge(), device()
    edge.begin(one)
    edge.tell_status(one, "error")
    assert edge.verbs == ["NBIRTH", "DBIRTH", "DDATA"]
    assert edge.written[-1].values["status"] == "error"


def test_a_status_that_has_waited_says_nothing_new_after_the_birth() -> None:
    edge, one = Edge(), device()
    edge.begin(one)
    edge.tell_status(one, "offline", -20.0)
    edge.tell_reading(one, -15.0)
    edge.tell_status(one, "online", -10.0)
    edge.tell_reading(one, -5.0)
    assert edge.verbs == ["NBIRTH", "DBIRTH", "DDATA", "DDATA"]
    assert all(message.is_historical for message in edge.written[2:])


def test_what_a_dead_device_said_while_it_lived_is_said_between_its_birth_and_its_death() -> None:
    edge, one = Edge(), device()
    edge.begin()
    edge.tell_status(one, "online", -20.0)
    edge.tell_reading(one, -15.0)
    edge.tell_status(one, "offline", -10.0)
    assert edge.verbs == ["NBIRTH", "DBIRTH", "DDATA", "DDEATH"]


def test_what_a_fault_has_spoilt_goes_out_spoilt() -> None:
    edge, one = Edge(), device()
    edge.begin(one)
    assert edge.entry.seal is not None
    said = edge.dialect.voice(one).encode(one.reading_as("2025-08-11T12:00:05Z", "online"))
    assert isinstance(said, bytes)
    for payload in (said[:1], said[:20], b"\x08\x01" + said[7:40], b"\xff" * 30):
        sealed = edge.entry.seal(_data(one, payload))
        assert sealed is not None
        assert sealed.payload[: len(payload)] == payload


def test_what_is_no_sparkplug_goes_out_as_it_is() -> None:
    edge, one = Edge(), device()
    assert edge.entry.seal is not None
    fault = Outgoing(Kind.FAULT, one.spec.device_id, b"{}", "energy/devices/a.1/faults")
    assert edge.entry.seal(fault) is fault


def test_a_device_of_its_own_connection_is_the_only_one_of_its_edge_node() -> None:
    dialect, one = sparkplug(per_device=True), device("a.1")
    voice = dialect.voice(one)
    births = voice.births(one.status_message(NOW, "online"))
    assert [birth.topic for birth in births] == [
        "spBv1.0/iotmock/NBIRTH/a.1",
        "spBv1.0/iotmock/DBIRTH/a.1/a.1",
    ]
    entry = voice.entry(one.status_message(NOW, "offline"), 4)
    assert entry.filters == ("spBv1.0/iotmock/NCMD/a.1", "spBv1.0/iotmock/DCMD/a.1/a.1")
    assert entry.will is not None
    assert entry.will.topic == "spBv1.0/iotmock/NDEATH/a.1"
