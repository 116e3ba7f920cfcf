"""Who may connect to the embedded broker: one user, by name and password."""

from dataclasses import dataclass, field
from hmac import compare_digest

from amqtt.plugins.base import BaseAuthPlugin
from amqtt.session import Session


class OneUserPlugin(BaseAuthPlugin):  # type: ignore[misc]  # amqtt has no types
    """Lets the user of the settings in, and nobody else."""

    @dataclass
    class Config:
        """The user, in memory: amqtt's own plugin would need a file of passwords."""

        username: str
        password: str = field(repr=False)

    async def authenticate(self, *, session: Session) -> bool:
        """Say whether a session's user is the one."""
        config = self.context.config
        return _same(session.username, config.username) and _same(session.password, config.password)


def _same(given: str | bytes | None, right: str) -> bool:
    text = given if isinstance(given, bytes) else (given or "").encode()
    return compare_digest(text, right.encode())
