"""`--map old=new`: the first levels of a topic, replaced."""

from attrs import frozen

from iotmock.mqtt import InvalidMessage, topics
from iotmock.traffic.errors import TrafficError


@frozen
class TopicMap:
    """Pairs of first levels; the first that a topic begins with is replaced."""

    pairs: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, texts: list[str]) -> "TopicMap":
        """Return the map that options ask for, each `old=new`.

        An empty `old` is before every topic, an empty `new` takes the levels away.

        Raises:
            TrafficError: one is no map.
        """
        return cls(tuple(_pair(text) for text in texts))

    def __call__(self, topic: str) -> str:
        """Return the topic under which a message is sent."""
        for old, new in self.pairs:
            if not old:
                return f"{new}/{topic}"
            if topic == old and new:
                return new
            if topic.startswith(f"{old}/"):
                rest = topic[len(old) + 1 :]
                return f"{new}/{rest}" if new else rest
        return topic


def _pair(text: str) -> tuple[str, str]:
    old, equals, new = text.partition("=")
    old, new = old.rstrip("/"), new.rstrip("/")
    if not equals or old == new:
        raise TrafficError(f"--map must be old=new, the first levels of topics, not {text!a}")
    for levels in filter(None, (old, new)):
        try:
            topics.validate_topic_name(levels)
        except InvalidMessage as error:
            raise TrafficError(f"--map {text!a}: {error}") from None
    return old, new
