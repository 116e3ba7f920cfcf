"""Traffic of a real broker: recorded, killed, played, and what is said of it."""

import json
import signal
import time
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest
import trio

from iotmock.mqtt import Client, ConnectOptions, Message, Properties
from iotmock.traffic.errors import TrafficFileError
from iotmock.traffic.files.formats import reader_of
from iotmock.traffic.recorded import Recorded
from tests.mosquitto import PASSWORD, USERNAME, Mosquitto, running_mosquitto
from tests.patience import within
from tests.service.process import Subscriber, subscribed, wait_until
from tests.traffic.commands import done, ended, recording, started

LOG = ("log_type subscribe", "log_type error")
COUNT = 300


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    with running_mosquitto(tmp_path_factory.mktemp("traffic"), *LOG) as mosquitto:
        yield mosquitto


def sent(number: int, site: str) -> Message:
    payload = b"\xff\x00raw" if number % 5 == 0 else b'{"n": %d, "text": "\xc3\xa9"}' % number
    properties = Properties(content_type="x", user_properties=(("a", "b"),))
    return Message(f"{site}/d{number % 9}/data", payload, number % 3, number == 7, properties)


def publish(broker: Mosquitto, messages: list[Message]) -> None:
    async def send() -> None:
        with within(20):
            options = ConnectOptions("sender", USERNAME, PASSWORD)
            async with Client(broker.host, broker.port, options) as client:
                while messages:
                    del messages[: client.publish_nowait(messages)]
                    await client.flush()
                    await client.wait_settled()

    trio.run(send)


def rows(file: Path) -> list[Recorded]:
    return [row for batch in reader_of(file).batches() for row in batch]


def on_disk(file: Path) -> int:
    """Return how many messages a recording has that goes on."""
    try:
        return len(rows(file))
    except TrafficFileError:  # it has not begun
        return 0


def wait_on_disk(file: Path, count: int) -> None:
    wait_until(lambda: on_disk(file) == count, 10, "it is on disk")


def by_topic(messages: list[Recorded], prefix: str) -> dict[str, list[tuple[object, ...]]]:
    found: dict[str, list[tuple[object, ...]]] = {}
    for row in messages:
        said = (row.payload, row.qos, row.retain, row.properties)
        found.setdefault(row.topic.removeprefix(prefix), []).append(said)
    return found


@pytest.mark.parametrize("suffix", [".parquet", ".jsonl"])
def test_what_is_played_is_what_was_recorded_to_the_byte(
    broker: Mosquitto, tmp_path: Path, suffix: str
) -> None:
    first, second = f"first{suffix}", f"second{suffix}"
    site, copy = f"site{suffix}", f"copy{suffix}"  # one message is retained
    with recording(broker, tmp_path, f"{site}/#", first, "--count", str(COUNT)) as process:
        publish(broker, [sent(number, site) for number in range(COUNT)])
        code, output, error = ended(process)
    assert (code, error) == (0, "")
    assert f"{COUNT} messages in " in output
    recorded = rows(tmp_path / first)
    assert [row.at_us for row in recorded] == sorted(row.at_us for row in recorded)
    with recording(broker, tmp_path, f"{copy}/#", second, "--count", str(COUNT)) as process:
        arguments = (first, "--map", f"{site}={copy}", "--speed", "max", "--json")
        code, output, error = done(tmp_path, broker.port, "replay", *arguments)
        assert ended(process)[0] == 0
    assert (code, error) == (0, "")
    assert json.loads(output)["acknowledged"] == 200
    assert by_topic(recorded, site) == by_topic(rows(tmp_path / second), copy)
    assert {row.qos for row in recorded} == {0, 1, 2}
    assert [row.topic for row in recorded if row.retain] == [f"{site}/d7/data"]


def test_a_signal_ends_a_recording_in_order(broker: Mosquitto, tmp_path: Path) -> None:
    with recording(broker, tmp_path, "sig/#", "night.parquet") as process:
        publish(broker, [Message("sig/a", b"1", 1)])
        part = tmp_path / "night.parquet.part"
        wait_on_disk(part, 1)
        process.send_signal(signal.SIGTERM)
        code, output, _ = ended(process)
    assert code == 0
    assert "1 messages in " in output
    assert [row.payload for row in rows(tmp_path / "night.parquet")] == [b"1"]
    assert not part.exists()


@pytest.mark.parametrize(("file", "left"), [("k.parquet", "k.parquet.part"), ("k.jsonl",) * 2])
def test_a_kill_leaves_what_was_written_and_says_what_is_cut_off(
    broker: Mosquitto, tmp_path: Path, file: str, left: str
) -> None:
    with recording(broker, tmp_path, "kill/#", file) as process:
        for number in range(3):
            publish(broker, [Message("kill/a", b"%d" % number, 1)])
            wait_on_disk(tmp_path / left, number + 1)
        process.kill()
        process.wait()
    whole = (tmp_path / left).read_bytes()
    (tmp_path / left).write_bytes(whole[:-20])
    code, output, error = done(tmp_path, broker.port, "replay", left, "--speed", "max")
    assert code == 0
    assert output.startswith("2 messages sent")
    assert "is cut off and is left out" in error
    if file != left:
        code, _, error = done(tmp_path, broker.port, "replay", file)
        assert code == 2
        assert f"did not end in order; replay {left} instead" in error


def lines(folder: Path, *more: dict[str, object]) -> str:
    text = "".join(json.dumps(line) + "\n" for line in more)
    (folder / "given.jsonl").write_text(text)
    return "given.jsonl"


def line(second: float, **more: object) -> dict[str, object]:
    time = f"2026-03-01T10:00:{second:09.6f}Z"
    return {"time": time, "topic": "given/a", "payload": "x", "qos": 1, **more}


def test_messages_keep_their_distance_at_any_speed(broker: Mosquitto, tmp_path: Path) -> None:
    file = lines(tmp_path, *[line(number * 0.8) for number in range(11)])
    with recording(broker, tmp_path, "given/#", "timed.jsonl", "--count", "22") as process:
        begun = time.time()
        arguments = (file, "--speed", "4", "--loop", "2", "--json")
        code, output, _ = done(tmp_path, broker.port, "replay", *arguments)
        ended(process)
    played = json.loads(output)
    moments = [row.at_us / 1e6 for row in rows(tmp_path / "timed.jsonl")]
    assert (code, played["messages"]) == (0, 22)
    # Never early; how late, hangs on this machine.
    assert all(moment >= begun + number * 0.2 for number, moment in enumerate(moments))
    assert played["seconds"] >= 21 * 0.2


def test_times_in_payloads_come_to_now(broker: Mosquitto, tmp_path: Path) -> None:
    payload = '{"timestamp":"2026-03-01T10:00:00.500Z","power":1.50}'
    file = lines(tmp_path, line(1, payload=payload), line(1, payload="no json"))
    with subscribed(broker.port, topic="given/#") as subscriber:
        assert done(tmp_path, broker.port, "replay", file, "--shift", "now")[0] == 0
        subscriber.wait_for(lambda s: len(s.messages) == 2)
    text = subscriber.texts("given/a")[0]
    assert text.startswith('{"timestamp":"20')
    assert "2026-03-01" not in text
    assert text.endswith('Z","power":1.50}')
    assert subscriber.texts("given/a")[1] == "no json"


def wait_count(subscriber: Subscriber, count: int) -> None:
    subscriber.wait_for(lambda s: len(s.messages) == count)


def test_faults_are_the_same_for_a_seed_and_are_on_record(
    broker: Mosquitto, tmp_path: Path
) -> None:
    file = lines(tmp_path, *[line(0, payload=str(number)) for number in range(200)])
    ledgers = []
    for _ in range(2):
        options = ("--drop", "10%", "--duplicate", "0.1", "--speed", "max", "--json")
        with subscribed(broker.port, topic="given/#") as subscriber:
            code, output, _ = done(tmp_path, broker.port, "replay", file, *options)
            played = json.loads(output)
            wait_count(subscriber, played["messages"])
        ledgers.append((tmp_path / "given.jsonl.faults.jsonl").read_text())
        assert code == 0
    noted = [json.loads(text) for text in ledgers[0].splitlines()]
    came = {text: len(list(same)) for text, same in groupby(sorted(subscriber.texts("given/a")))}
    times = {"dropped": 0, "duplicated": 2}
    wanted = {str(number): 1 for number in range(200)}
    wanted |= {str(one["number"] - 1): times[one["effect"]] for one in noted}
    assert came == {text: count for text, count in wanted.items() if count}
    assert ledgers[0] == ledgers[1]
    assert played["dropped"] > 5 < played["duplicated"]


def test_one_line_says_what_is_wrong_with_a_file(broker: Mosquitto, tmp_path: Path) -> None:
    (tmp_path / "no.parquet").write_bytes(b"PAR1 no")
    lines(tmp_path, line(0), line(0, qos=3))
    (tmp_path / "empty.jsonl").touch()
    for arguments, why in {
        ("replay", "no.parquet"): "is no Parquet file",
        ("replay", "given.jsonl"): "line 2: qos: must be",
        ("replay", "empty.jsonl"): "no message in the file",
        ("replay", "x.csv"): "must end in .parquet, .jsonl or .ndjson",
        ("replay", "none.jsonl"): "there is no such file",
        ("replay", "given.jsonl", "--map", "a"): "--map must be old=new",
        ("replay", "given.jsonl", "--shift", "now", "--speed", "max"): "needs a --speed",
        ("record", "--topic", "a", "-o", "given.jsonl"): "exists already",
        ("record", "--topic", "a#", "-o", "new.jsonl"): "wildcard out of place",
    }.items():
        code, output, error = done(tmp_path, broker.port, *arguments)
        assert (code, output) == (2, ""), arguments
        assert error.startswith(f"iotmock {arguments[0]}: "), error
        assert why in error
        assert error.count("\n") == 1
    assert not (tmp_path / "new.jsonl").exists()


def wait_subscribed_again(broker: Mosquitto, subscription: str) -> None:
    log = broker.folder / "mosquitto.log"
    wait_until(lambda: log.read_text().count(subscription) > 1, 20, "it is subscribed again")


def test_a_recording_goes_on_when_the_broker_comes_back(tmp_path: Path) -> None:
    (tmp_path / "broker").mkdir()
    with (
        running_mosquitto(tmp_path / "broker", *LOG) as broker,
        recording(broker, tmp_path, "gap/#", "gap.jsonl") as process,
    ):
        publish(broker, [Message("gap/a", b"before", 1)])
        file = tmp_path / "gap.jsonl"
        wait_on_disk(file, 1)
        broker.end_and_start()
        wait_subscribed_again(broker, " 2 gap/#")
        publish(broker, [Message("gap/a", b"after", 1)])
        wait_on_disk(file, 2)
        process.send_signal(signal.SIGINT)
        code, output, error = ended(process)
    assert code == 1
    assert "without the broker 1 times" in output
    assert "waiting for the broker" in error
    assert "the broker is back" in error


def test_a_replay_goes_on_when_the_broker_comes_back(tmp_path: Path) -> None:
    (tmp_path / "broker").mkdir()
    file = lines(tmp_path, *[line(number * 0.1, payload=str(number)) for number in range(100)])
    numbers = {str(number) for number in range(100)}
    kept = ("persistence true", f"persistence_location {tmp_path}/broker/")
    with (
        running_mosquitto(tmp_path / "broker", *kept) as broker,
        # A session that the broker keeps: what comes before the subscriber is back waits for it.
        subscribed(broker.port, "-c", "-i", "watcher", topic="given/#") as heard,
    ):
        player = started(tmp_path, broker.port, "replay", file, "--json")
        heard.wait_for(lambda it: len(it.messages) > 3)
        broker.end_and_start()
        code, output, error = ended(player)
        heard.wait_for(lambda it: set(it.texts("given/a")) >= numbers)
    assert code == 0, error
    assert json.loads(output)["reconnects"] == 1
    assert set(heard.texts("given/a")) == numbers


def test_nobody_at_the_port_is_one_line(tmp_path: Path, broker: Mosquitto) -> None:
    code, _, error = done(tmp_path, 1, "record", "--topic", "a", "-o", "new.parquet")
    assert code == 2
    assert error.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
