"""On which terms the broker takes messages: what it allows, what it has refused; said once."""

from collections import Counter
from collections.abc import Iterable

import structlog
import trio
from attrs import define, evolve, field

from iotmock.actors.errors import WireDownError
from iotmock.actors.ports.wire import Terms
from iotmock.mqtt import ConnectOptions, ConnectRefused
from iotmock.mqtt.connection.reasons import name_of
from iotmock.mqtt.handshake.versions import Spoken
from iotmock.mqtt.session.limits import NO_LIMITS, Limits
from iotmock.mqtt.session.notes import GivenUp, Note, Refused, Skipped
from iotmock.wire.broker.doubt import Doubt
from iotmock.wire.broker.ours import device_of

log = structlog.get_logger()

_NO_RETAIN, _NO_QOS = 0x9A, 0x9B
_TRIED_BACK_S = 600.0
"""After so long the next connection asks again for what the broker did not allow."""


@define(eq=False)
class BrokerTerms:
    """Shared by all connections to a broker, so that each change is said once.

    `wanted_qos` is the QoS of data by the settings.
    """

    wanted_qos: int
    limits: Limits = NO_LIMITS
    spoken: Spoken = field(factory=Spoken)
    refusals: Counter[str] = field(factory=Counter)
    _will: Limits = NO_LIMITS
    """What a will may be at most: some brokers refuse CONNECT before they say their limits."""
    _will_until: float = 0.0

    @property
    def qos(self) -> int:
        """Of data messages, as they go out."""
        return min(self.wanted_qos, self.limits.maximum_qos)

    def now(self) -> Terms:
        """Return what the actors may know."""
        return Terms(self.qos, self.limits.retain, dict(self.refusals))

    # Before CONNACK

    def options(self, options: ConnectOptions) -> ConnectOptions:
        """Return how to connect, with a will that the broker is known to take."""
        if self._will == NO_LIMITS or trio.current_time() > self._will_until:
            return options
        qos, retain = min(options.maximum_qos, self._will.maximum_qos), self._will.retain
        return evolve(options, maximum_qos=qos, retain=options.retain and retain)

    def note_refusal(self, error: Exception) -> None:
        """Learn from a CONNECT that was refused for its will (MQTT 5.0, 3.2.2.3)."""
        match error:
            case ConnectRefused(reason_code=code) if code == _NO_RETAIN:
                self.limit_will(evolve(self._will, retain=False))
            case ConnectRefused(reason_code=code) if code == _NO_QOS:
                self.limit_will(evolve(self._will, maximum_qos=0))

    def note_accepted(self, doubt: Doubt) -> None:
        """Learn from a CONNECT that was accepted.

        Raises:
            WireDownError: whether it was for a lesser will must be tried once more.
        """
        proven = doubt.note_accepted()
        if proven is None:
            raise WireDownError("the broker takes a lesser will only, it seems; making sure")
        if proven is not NO_LIMITS:
            self.limit_will(proven)

    def limit_will(self, limits: Limits) -> None:
        """Ask for no more than this in a will, for a while."""
        self._will, self._will_until = limits, trio.current_time() + _TRIED_BACK_S

    # After CONNACK

    def note_limits(self, limits: Limits) -> None:
        """Say what has changed for the fleet's messages."""
        before, self.limits, will = self.limits, limits, self._will
        most, retain = max(will.maximum_qos, limits.maximum_qos), will.retain or limits.retain
        self._will = Limits(most, retain)
        self._say_qos(before.maximum_qos)
        if before.retain and not limits.retain:
            log.warning("the broker retains nothing: statuses and wills are not retained")
        elif limits.retain and not before.retain:
            log.info("the broker retains messages again")

    def _say_qos(self, before: int) -> None:
        wanted, most = max(self.wanted_qos, 1), self.limits.maximum_qos
        if most < min(wanted, before):
            log.warning("the broker knows no higher QoS: messages go out at this", qos=most)
        elif before < wanted and most > before:
            log.info("the broker knows a higher QoS again", qos=min(wanted, most))

    def note(self, notes: Iterable[Note]) -> None:
        """Say and count what has happened to messages; see `Session.on_notes`."""
        refused = [note for note in notes if isinstance(note, Refused)]
        for code, count in Counter(note.reason_code for note in refused).items():
            self._note_refused(code, count, next(n for n in refused if n.reason_code == code))
        for note in notes:
            self._say(note)

    def _note_refused(self, code: int, count: int, example: Refused) -> None:
        reason = f"0x{code:02x} {name_of(code)}"
        self.refusals[reason] += count
        log.warning(
            "the broker refused messages; may this user publish?",
            kind=reason,
            reason=reason,
            messages=count,
            topic=example.message.topic,
        )

    def _say(self, note: Note) -> None:
        match note:
            case GivenUp(message=message, reason=reason):
                log.warning(
                    "a message was given up",
                    device=device_of(message),
                    topic=message.topic,
                    size=len(message.payload),
                    reason=reason,
                )
            case Skipped(topic=topic, size=size):
                log.warning(
                    "a message that arrived was too large to be read", topic=topic, size=size
                )
