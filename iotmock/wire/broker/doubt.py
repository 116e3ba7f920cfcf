"""Whether a broker that can not say why refuses CONNECT for its will (MQTT 3.1.1)."""

from attrs import define, evolve

from iotmock.mqtt import V311, BadCredentials, ConnectOptions, Protocol
from iotmock.mqtt.errors import HandshakeFailed
from iotmock.mqtt.session.limits import NO_LIMITS, Limits

_NOT_AUTHORIZED = 0x05
_FORMS = (
    NO_LIMITS,
    Limits(retain=False),
    Limits(maximum_qos=0),
    Limits(maximum_qos=0, retain=False),
)
"""What a will may be at most, from what is wanted to what every broker takes."""


@define(eq=False)
class Doubt:
    """Tries the forms of a will in turn, while CONNECT is refused without a reason.

    Connections are also closed by proxies and brokers that start: a lesser form counts as proven
    only when the full one was refused, the lesser accepted, and both once more.
    """

    _form: int = 0
    _found: int = 0

    def lowered(self, options: ConnectOptions) -> ConnectOptions:
        """Return how to connect, with the form of the will that is tried now."""
        form = _FORMS[self._form]
        return evolve(options, maximum_qos=form.maximum_qos, retain=form.retain)

    def note_failure(self, error: Exception, protocol: Protocol) -> None:
        """Learn from a connection that did not come about."""
        if protocol == V311 and _says_nothing(error):
            again = self._found if self._form == 0 else 0
            self._form = again or (self._form + 1) % len(_FORMS)

    def note_accepted(self) -> Limits | None:
        """Learn from a CONNACK; return the form that is proven, None if it must be tried again."""
        form = self._form
        if form in {0, self._found}:
            self._form = self._found = 0
            return _FORMS[form]
        self._form, self._found = 0, form
        return None


def _says_nothing(error: Exception) -> bool:
    refused = isinstance(error, BadCredentials) and error.reason_code == _NOT_AUTHORIZED
    return refused or isinstance(error, HandshakeFailed)
