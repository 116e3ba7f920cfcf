"""Waiting for what a stream brings, without sleeping."""

from collections.abc import Callable, Iterator
from typing import TypeVar

import msgspec

from iotmock.client.answers.simulation import StreamEvent

T = TypeVar("T")


def first_of(
    events: Iterator[StreamEvent],
    kind: type[T],
    condition: Callable[[T], bool],
    what: str,
) -> T:
    """Return the first event that is a `kind` and meets a condition.

    Raises:
        TimeoutError: none did until the stream's deadline; it says what came last.
    """
    last: T | None = None
    try:
        for event in events:
            if (found := _read(event, kind)) is None:
                continue
            last = found
            if condition(found):
                return found
        why = "the service has ended its stream"
    except TimeoutError as error:
        why = str(error)
    came = "none came" if last is None else f"the last was {last}"
    raise TimeoutError(f"no {what} that meets the condition: {why}; {came}")


def _read(event: StreamEvent, kind: type[T]) -> T | None:
    # What a fault has made of a message may be none.
    try:
        return msgspec.convert(event.data, kind)
    except msgspec.ValidationError:
        return None
