"""What `iotmock record` does."""

from math import inf
from pathlib import Path

import trio

from iotmock.actors.errors import leaves
from iotmock.broker.place import Place
from iotmock.files.reasons import reason
from iotmock.mqtt import MqttError
from iotmock.signals import heed_signals
from iotmock.traffic.errors import TrafficFileError
from iotmock.traffic.files.formats import writer_of
from iotmock.traffic.files.sides import Writer
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
    tally, writer = Tally(str(path)), writer_of(path)
    failure = _run(Recorder(place, topic_filters, writer, tally, note, most, seconds))
    if isinstance(failure, OSError):
        writer.abandon()
        raise _cut_off(path, writer, tally, failure)
    _finish(path, writer, tally)
    if failure is not None:
        _forget_empty(path, tally)
        raise failure
    tally.file_bytes = writer.size()
    return tally.result()


def _run(recorder: Recorder) -> Exception | None:
    found: list[Exception] = []
    try:
        with punctual():
            trio.run(_record, recorder)
    except* (MqttError, OSError) as group:
        found = list(leaves(group))
    of_disk = (error for error in found if isinstance(error, OSError))
    return next(of_disk, found[0] if found else None)


def _cut_off(path: Path, writer: Writer, tally: Tally, error: OSError) -> TrafficFileError:
    lost = tally.messages - tally.written
    what = f"{tally.written:,} messages are in {writer.left}, {lost:,} that came then are lost"
    return TrafficFileError(path, f"{reason(error, path)}; {what}")


def _finish(path: Path, writer: Writer, tally: Tally) -> None:
    try:
        writer.finish()
    except (OSError, KeyboardInterrupt) as error:
        why = reason(error, path) if isinstance(error, OSError) else "it was interrupted"
        what = f"all {tally.written:,} messages are in {writer.left}, which replay reads as well"
        raise TrafficFileError(path, f"{why}; {what}") from error


async def _record(recorder: Recorder) -> None:
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
