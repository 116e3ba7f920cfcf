"""1,000 devices under `harsh` for an hour: the ledger explains every deviation, and no more."""

from collections import Counter
from pathlib import Path

import pytest

from iotmock.model.faults.entry import FaultEntry
from iotmock.model.faults.plan import FaultProfile
from iotmock.model.faults.types import FAULT_TYPES
from tests.ledger.explained import expected_count, records, unexplained
from tests.ledger.stream import Stream, streaming, witnessing
from tests.mosquitto import running_mosquitto
from tests.patience import within

pytestmark = [
    pytest.mark.long(45),
    pytest.mark.trio,
]
DEVICES = 1_000
STEP_S = 20.0
_NOT_SEEN_IN_DATA = {"lost_result", "late_result"}
_NOT_SEEN_IN_AN_HOUR = {"rollover", "clock_drift"}
_FAILSAFE_S = 60.0


def due(stream: Stream, entries: list[FaultEntry]) -> int:
    record = records(entries)
    return sum(
        expected_count(record[device_id], time)
        for device_id, times in stream.truth.items()
        for time in times
    )


async def test_the_ledger_explains_every_deviation_of_the_stream(tmp_path: Path) -> None:
    with (
        within(_FAILSAFE_S),
        running_mosquitto(tmp_path) as broker,
        witnessing(broker, tmp_path) as witness,
    ):
        path = str(tmp_path / "faults.db")
        async with streaming(broker, path, FaultProfile.HARSH, DEVICES, 50) as stream:
            await stream.advance(3600.0, STEP_S)
            entries = await stream.on_record()
            await stream.take(witness, due(stream, entries))
    record = records(entries)
    problems = [
        f"{device_id}: {problem}"
        for device_id, truth in stream.truth.items()
        for problem in unexplained(truth, stream.arrived[device_id], record[device_id])
    ]
    assert not problems, f"{len(problems)}: {problems[:5]}"
    happened = Counter(entry.fault for entry in entries if entry.messages)
    assert set(happened) >= set(FAULT_TYPES) - _NOT_SEEN_IN_DATA - _NOT_SEEN_IN_AN_HOUR
