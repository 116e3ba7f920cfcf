"""The token that clients show (RFC 6750), compared in a time that tells nothing about it."""

from collections.abc import Sequence
from hashlib import sha256
from hmac import compare_digest

from attrs import field, frozen


def _digest(text: str) -> bytes:
    # Digests are of one length: how long the token is can not be measured either.
    return sha256(text.encode("latin-1")).digest()


@frozen
class Token:
    """A token, of which only the digest is kept."""

    digest: bytes = field(converter=_digest, repr=False)

    def is_shown_in(self, authorization: Sequence[str]) -> bool:
        """Say whether the one `Authorization` header has it."""
        if len(authorization) != 1:
            return False
        scheme, _, shown = authorization[0].partition(" ")
        return compare_digest(_digest(shown.strip(" ")), self.digest) & (scheme.lower() == "bearer")


def challenge(authorization: Sequence[str]) -> str:
    """Return the value of `WWW-Authenticate` for a request without a token, or with another."""
    return 'Bearer realm="iotmock"' + (', error="invalid_token"' if authorization else "")
