"""Which hosts the service answers for: those that an attacker's DNS can not turn into us.

DNS rebinding: a web page of evil.example whose name now resolves to 127.0.0.1 is of one origin with
us for the browser, and only `Host` tells.
"""

from collections.abc import Sequence

from attrs import field, frozen

from iotmock.rest.gate.authority import Authority, parse_authority

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


def the_host(values: Sequence[str]) -> Authority | None:
    """Return the host of a request; None where there is none, more than one, or an odd one."""
    if len({value.lower() for value in values}) != 1:
        return None
    return parse_authority(values[0])
