"""What befalls a recording and a replay: full disks, large messages, refusals, nobody who reads."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import trio
from typer.testing import CliRunner

from iotmock.cli.commands.traffic.replay import app
from iotmock.mqtt import Client, ConnectOptions
from iotmock.traffic.errors import TrafficFileError
from iotmock.traffic.files.formats import reader_of
from iotmock.traffic.recorded import Recorded
from tests.full_disk import small_disk
from tests.mosquitto import PASSWORD, USERNAME, Mosquitto, running_mosquitto
from tests.patience import SLACK, within
from tests.service.process import subscribed, wait_until
from tests.traffic.commands import done, ended, recording, started

pytestmark = pytest.mark.long(15)
LOG = ("log_type subscribe", "log_type error")


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    with running_mosquitto(tmp_path_factory.mktemp("attacks"), *LOG) as mosquitto:
        yield mosquitto


def publish(broker: Mosquitto, topic: str, payloads: list[bytes]) -> None:
    async def send() -> None:
        with within(20):
            options = ConnectOptions("sender", USERNAME, PASSWORD)
            async with Client(broker.host, broker.port, options) as client:
                for payload in payloads:
                    await client.publish(topic, payload, 1)

    trio.run(send)


def rows(file: Path) -> list[Recorded]:
    return [row for batch in reader_of(file).batches() for row in batch]


def wait_on_disk(file: Path, count: int) -> None:
    wait_until(lambda: _on_disk(file) == count, 10, "it is on disk")


def _on_disk(file: Path) -> int:
    try:
        return len(rows(file))
    except TrafficFileError:  # it has not begun
        return 0


@pytest.mark.parametrize(("file", "left"), [("f.parquet", "f.parquet.part"), ("f.jsonl",) * 2])
def test_a_full_disk_ends_a_recording_and_says_what_is_kept(
    broker: Mosquitto, tmp_path: Path, file: str, left: str
) -> None:
    with small_disk(tmp_path / "disk") as disk, recording(broker, disk.folder, "f/#", file) as one:
        publish(broker, "f/a", [b"kept"])
        wait_on_disk(disk.folder / left, 1)
        disk.fill()
        publish(broker, "f/a", [os.urandom(9_000)])
        code, output, error = ended(one)
        kept = [row.payload for row in rows(disk.folder / left)]
    assert (code, output, kept) == (2, "", [b"kept"])
    assert error.count("\n") == 1
    assert "the disk is full; make room; 1 messages are in" in error
    assert "1 that came then are lost" in error


def test_a_disk_that_is_too_full_for_the_end_keeps_the_stream(
    broker: Mosquitto, tmp_path: Path
) -> None:
    noise = [os.urandom(60_000) for _ in range(20)]
    with (
        small_disk(tmp_path / "disk") as disk,
        recording(broker, disk.folder, "e/#", "e.parquet") as one,
    ):
        publish(broker, "e/a", noise)
        part = disk.folder / "e.parquet.part"
        wait_on_disk(part, len(noise))
        one.send_signal(signal.SIGINT)
        code, _, error = ended(one)
        kept, files = [row.payload for row in rows(part)], os.listdir(disk.folder)
    assert (code, kept, files) == (2, noise, ["e.parquet.part"])
    assert "the disk is full; make room; all 20 messages are in" in error


def test_a_large_message_is_recorded_and_played(broker: Mosquitto, tmp_path: Path) -> None:
    large = os.urandom(3 << 20)
    with recording(broker, tmp_path, "big/#", "big.parquet", "--count", "1") as process:
        publish(broker, "big/a", [large])
        assert ended(process)[0] == 0
    assert [row.payload for row in rows(tmp_path / "big.parquet")] == [large]
    with recording(broker, tmp_path, "again/#", "again.jsonl", "--count", "1") as process:
        arguments = ("replay", "big.parquet", "--map", "big=again")
        assert done(tmp_path, broker.port, *arguments)[0] == 0
        assert ended(process)[0] == 0
    assert [row.payload for row in rows(tmp_path / "again.jsonl")] == [large]


def test_who_reads_no_progress_ends_no_recording(broker: Mosquitto, tmp_path: Path) -> None:
    with recording(broker, tmp_path, "p/#", "p.jsonl", "--count", "2") as process:
        assert process.stderr is not None
        process.stderr.close()
        publish(broker, "p/a", [b"1"])
        wait_on_disk(tmp_path / "p.jsonl", 1)
        publish(broker, "p/a", [b"2"])
        assert process.wait(20 * SLACK) == 0
    assert [row.payload for row in rows(tmp_path / "p.jsonl")] == [b"1", b"2"]


def test_topics_that_can_not_be_sent_are_said_once_and_counted(
    broker: Mosquitto, tmp_path: Path
) -> None:
    line = '{"time":"2026-03-01T10:00:00Z","topic":"%s","payload":"x","qos":1}\n'
    (tmp_path / "w.jsonl").write_text("".join(line % topic for topic in ("a/#", "+", "b", "c/+/d")))
    code, output, error = done(tmp_path, broker.port, "replay", "w.jsonl")
    assert code == 1
    assert error.count("\n") == 1
    assert "'a/#' can not be sent" in error
    assert "1 acknowledged, refused 3" in output


@pytest.mark.parametrize(
    "arguments",
    [
        *[("--speed", text) for text in ("0", "-1", "nan", "-inf", "fast")],
        *[("--loop", text) for text in ("0", "-1", "1.5", "inf")],
        ("--drop", "101%"),
        ("--drop", "nan"),
        ("--qos", "3"),
    ],
)
def test_a_number_that_is_none_is_refused(arguments: tuple[str, str]) -> None:
    done = CliRunner().invoke(app, ["a.jsonl", *arguments])
    assert done.exit_code == 2
    assert f"not '{arguments[1].removesuffix('%')}'" in done.output


def test_a_recording_of_nothing_is_whole_and_replaying_it_is_a_line(
    broker: Mosquitto, tmp_path: Path
) -> None:
    with recording(broker, tmp_path, "none/#", "none.parquet", "--duration", "0.1") as process:
        code, output, _ = ended(process)
    assert code == 0
    assert "0 messages in" in output
    code, _, error = done(tmp_path, broker.port, "replay", "none.parquet")
    assert (code, error.count("\n")) == (2, 1)
    assert "there is no message in the file" in error


def test_a_signal_ends_a_replay_and_what_was_sent_is_said(
    broker: Mosquitto, tmp_path: Path
) -> None:
    line = '{"time":"2026-03-01T10:%02d:00Z","topic":"s/a","payload":"x","qos":1}\n'
    (tmp_path / "s.jsonl").write_text("".join(line % minute for minute in range(60)))
    with subscribed(broker.port, topic="s/a") as subscriber:
        process = started(tmp_path, broker.port, "replay", "s.jsonl")
        subscriber.wait_for(lambda s: len(s.messages) == 1)
        process.send_signal(signal.SIGINT)
        code, output, error = ended(process)
    assert (code, error) == (130, "")
    assert output.startswith("1 messages sent")


def test_a_ledger_for_which_there_is_no_room_ends_a_replay(
    broker: Mosquitto, tmp_path: Path
) -> None:
    line = '{"time":"2026-03-01T10:00:00Z","topic":"l/a","payload":"x","qos":1}\n'
    (tmp_path / "l.jsonl").write_text(line * 3_000)
    with small_disk(tmp_path / "disk") as disk:
        disk.fill()
        arguments = ("--drop", "50%", "--ledger", str(disk.folder / "ledger"))
        code, output, error = done(tmp_path, broker.port, "replay", "l.jsonl", *arguments)
    assert (code, output) == (2, "")
    assert "ledger: the disk is full; make room" in error


def test_a_line_that_is_wrong_in_the_middle_is_said_with_what_was_sent(
    broker: Mosquitto, tmp_path: Path
) -> None:
    line = '{"time":"2026-03-01T10:%02d:%02dZ","topic":"m/a","payload":"x","qos":1}\n'
    moments = [line % divmod(number // 100, 60) for number in range(6_000)]
    (tmp_path / "m.jsonl").write_text("".join(moments) + '{"time":1}\n')
    arguments = ("replay", "m.jsonl", "--speed", "60")
    code, _, error = done(tmp_path, broker.port, *arguments)
    first, last = error.splitlines()
    assert code == 2
    assert first.endswith("messages had been sent before it broke off")
    assert "m.jsonl: line 6001: " in last
