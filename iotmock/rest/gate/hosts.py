"""Which hosts the service answers for: those that an attacker's DNS can not turn into us.

DNS rebinding: a web page of evil.example whose name now resolves to 127.0.0.1 is of one origin with
us for the browser, and only `Host` tells.
"""

from collections.abc import Sequence

from attrs import field, frozen

from iotmock.rest.gate.authority import Authority, parse_authority
from iotmock.rest.gate.knock import Knock

_OF_THIS_NETWORK = (".localhost", ".local")


def _in_lower_case(names: Sequence[str]) -> frozenset[str]:
    return frozenset(name.lower().rstrip(".") for name in names)


@frozen
class KnownHosts:
    """`names` are served beside addresses, names without a dot, `.localhost` and `.local`."""

    names: frozenset[str] = field(converter=_in_lower_case, default=())

    def serves(self, authority: Authority) -> bool:
        """Say whether a request for this host is for us."""
        host = authority.host
        return (
            authority.is_address
            or "." not in host
            or host.endswith(_OF_THIS_NETWORK)
            or host in self.names
        )


def hosts_of(knock: Knock) -> list[Authority] | None:
    """Return what a request says whom it is for, the last word last (RFC 9112, 3.2.2).

    None where `Host` is missing, is there twice, or where anything is no host.
    """
    named = knock.headers[b"host"]
    if len(named) != 1:
        return None
    texts = [*named, *([knock.target_host] if knock.target_host is not None else ())]
    hosts = [parse_authority(text) for text in texts]
    return [host for host in hosts if host is not None] if None not in hosts else None
