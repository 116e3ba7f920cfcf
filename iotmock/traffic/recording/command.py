"""What `iotmock record` does."""

from functools import partial
from math import inf
from pathlib import Path

import trio

from iotmock.actors.errors import leaves
from iotmock.broker.place import Place
from iotmock.mqtt import MqttError
from iotmock.signals import heed_signals
from iotmock.traffic.files.formats import writer_of
from iotmock.traffic.progress import Progress, note
from iotmock.traffic.punctual import punctual
from iotmock.traffic.recording.recorder import Recorder
from iotmock.traffic.recording.tally import Recording, Tally


def record(
    place: Place, topic_filters: tuple[str, ...], path: Path, seconds: float, most: float = inf
) -> Recording:
    """Record until a signal, for so many s, or until there were `most` messages.

    Raises:
        TrafficFileError, OSError: the file can not be written.
        MqttError: the broker can not be listened at.
    """
    tally = Tally(str(path))
    recorder = Recorder(place, topic_filters, writer_of(path), tally, note, most)
    found: list[Exception] = []
    try:
        with punctual():
            trio.run(partial(_record, recorder, seconds))
    except* (MqttError, OSError) as group:
        found = list(leaves(group))
    if not any(isinstance(error, OSError) for error in found):  # else nothing more can be written
        recorder.writer.finish()
    if found:
        _forget_empty(path, tally)
        raise found[0]
    tally.file_bytes = recorder.writer.size()
    return tally.result()


async def _record(recorder: Recorder, seconds: float) -> None:
    recorder.listening.deadline = trio.current_time() + seconds

    async def end(_: int) -> None:
        recorder.listening.cancel()

    async with trio.open_nursery() as nursery:
        await nursery.start(heed_signals, end)
        progress = Progress(recorder.tally.line)
        nursery.start_soon(progress.run)
        await recorder.run()
        progress.end()
        nursery.cancel_scope.cancel()


def _forget_empty(path: Path, tally: Tally) -> None:
    if not tally.messages:  # it never began
        path.unlink(missing_ok=True)
