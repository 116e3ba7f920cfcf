"""A service whose fleets speak in several dialects, and all that it has said."""

from attrs import frozen

from tests.service.process import Service, Subscriber


@frozen
class Place:
    """The service, what was heard of it, and the port of its broker."""

    service: Service
    heard: Subscriber
    port: int

    def at(self, topic: str) -> list[str]:
        """Return the messages at a topic."""
        return self.heard.texts(topic)

    def wait_at(self, topic: str) -> None:
        """Wait for a message at a topic."""
        self.heard.wait_for(lambda _: self.at(topic))

    def first(self, topic: str) -> int:
        """Wait for a message; return how many were before it."""

        def found(heard: Subscriber) -> int:
            names = (name for name, _ in heard.messages)
            return next((n for n, name in enumerate(names, 1) if name == topic), 0)

        return int(self.heard.wait_for(found))

    def wait_anew(self, topic: str) -> None:
        """Wait for a message at a topic that comes from now on."""
        before = len(self.at(topic))
        self.heard.wait_for(lambda _: len(self.at(topic)) > before)

    def fleet(
        self, name: str, kind: str, dialect: str | None, count: int = 2
    ) -> tuple[int, object]:
        """Ask for a fleet in a dialect; return the answer."""
        new = {"name": name, "groups": [{"device_type": kind, "count": count}]}
        if dialect is not None:
            new["dialect"] = dialect
        return self.service.request("POST", "/api/v1/fleets", new)
