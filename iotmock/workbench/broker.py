"""The broker of a service that runs, for who listens to it."""

from urllib.parse import quote

import msgspec


class Broker(msgspec.Struct, frozen=True):
    """Where to listen to the devices, and as whom; shown without the password."""

    host: str
    port: int
    username: str | None
    password: str | None

    @property
    def url(self) -> str:
        """As MQTT_BROKER_URL has it, with user and password."""
        login = ":".join(quote(one, safe="") for one in (self.username, self.password) if one)
        return f"mqtt://{login}{'@' if login else ''}{self.host}:{self.port}"

    def __repr__(self) -> str:
        return f"Broker(mqtt://{self.host}:{self.port})"
