"""A message of a template: its topic, and what makes its bytes."""

from collections.abc import Callable, Mapping
from typing import Any

from attrs import frozen

from iotmock.actors.messages import PLAIN, Kind, Manner, Outgoing
from iotmock.dialects.expressions.compiled import GOES_WRONG
from iotmock.dialects.expressions.types import Type
from iotmock.dialects.template.payload.formats import Write, writer
from iotmock.dialects.template.payload.tree import Compiler, Evaluate, Tree
from iotmock.dialects.template.payload.writing import written
from iotmock.dialects.template.schema import PostFile
from iotmock.dialects.template.topics import Topic
from iotmock.model.faults.types.link import Said

_NOTHING = (None,)


@frozen
class Post:
    """One kind of message that devices send. `manner` None: at MQTT_QOS, not retained."""

    topic: Topic
    manner: Manner | None
    payload: Tree
    write: Write
    when: Evaluate | None = None

    def say(self, reading: Any, device: Any, attributes: Any, said: Any) -> bytes | None:
        """Return the bytes for a reading, a device, its attributes, what a command said.

        None: there is nothing to be said.
        """
        if self.when is not None and not self._is_wanted((reading, device, attributes, said)):
            return None
        try:
            said_so: bytes | None = self.payload.fast(reading, device, attributes, said)
        except GOES_WRONG:
            return self._say_safely((reading, device, attributes, said))
        return said_so

    def encoder(self, device: Any, attributes: Any) -> Callable[[Any], Said]:
        """Return what makes the bytes of each reading of a device: all of it in one function."""
        fast = self.payload.fast

        def encode(reading: Any, /) -> Said:
            try:
                said: bytes | None = fast(reading, device, attributes, None)
            except GOES_WRONG:
                said = self._say_safely((reading, device, attributes, None))
            return _NOTHING if said is None else said

        return encode

    def _is_wanted(self, about: tuple[Any, ...]) -> bool:
        assert self.when is not None, "it is asked for"  # noqa: S101
        try:
            return bool(self.when(*about))
        except GOES_WRONG:
            return False

    def _say_safely(self, about: tuple[Any, ...]) -> bytes | None:
        try:
            return self.write(self.payload.safe(*about))
        except GOES_WRONG:
            return None

    def outgoing(
        self, kind: Kind, device_id: str, values: Mapping[str, object], *about: Any
    ) -> Outgoing | None:
        """Return the message, if there is something to be said."""
        payload = self.say(*about)
        if payload is None:
            return None
        topic = self.topic.of(values)
        return Outgoing(kind, device_id, payload, topic, manner=self.manner or PLAIN)


def post(file: PostFile, where: Topic, compiler: Compiler, *, is_data: bool = False) -> Post:
    """Return the message that a file describes.

    Raises:
        LeafError: an expression is none, or the payload has not the shape of its format.
    """
    write = writer(file.format, file.payload)
    when = None if file.when is None else compiler.evaluate(file.when, Type.TRUTH)
    payload = written(file.format, file.payload, write, compiler)
    return Post(where, _manner(file, is_data=is_data), payload, write, when)


def _manner(file: PostFile, *, is_data: bool) -> Manner | None:
    if is_data and file.qos is None and not file.retain:
        return None
    return Manner(1 if file.qos is None else file.qos, file.retain)
