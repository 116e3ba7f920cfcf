"""Shared access signatures: what a device of an Azure IoT hub has in place of a password.

Source: Azure IoT Hub, "Control access with shared access signatures" and "Use MQTT".
"""

import time
from base64 import b64decode, b64encode
from binascii import Error as NoBase64Error
from collections.abc import Callable
from hashlib import sha256
from hmac import new as hmac
from urllib.parse import quote

from attrs import field, frozen

from iotmock.settings.errors import SettingsError
from iotmock.settings.secret_files import read_named
from iotmock.settings.settings import Settings

_API = "2021-04-12"
_LIMIT = 10_000
_EXAMPLE = (
    "HostName=my.azure-devices.net;SharedAccessKeyName=device;SharedAccessKey=..., of a policy "
    "that may connect devices"
)


@frozen
class Hub:
    """What a connection string of a hub says, which is enough to sign for each of its devices."""

    host: str
    policy: str
    key: bytes = field(repr=False)
    life_s: int = 86_400
    """How long a token is valid: after it the hub ends the connection."""
    now: Callable[[], float] = field(default=time.time, eq=False, repr=False)
    """Returns Unix seconds."""

    def username(self, device_id: str) -> str:
        """Return who a device is for the hub."""
        return f"{self.host}/{device_id}/?api-version={_API}"

    def token(self, device_id: str) -> str:
        """Return what it shows to connect, valid from now."""
        resource = quote(f"{self.host}/devices/{device_id}", safe="")
        expiry = int(self.now()) + self.life_s
        digest = hmac(self.key, f"{resource}\n{expiry}".encode(), sha256).digest()
        signature, policy = quote(b64encode(digest), safe=""), quote(self.policy, safe="")
        return f"SharedAccessSignature sr={resource}&sig={signature}&se={expiry}&skn={policy}"


def hub_of(settings: Settings) -> Hub | None:
    """Return the hub of AZURE_CONNECTION_STRING, or of its file; None without one.

    Raises:
        SettingsError: it is no connection string, which is not quoted, or the file is not readable.
    """
    name = "AZURE_CONNECTION_STRING"
    text: str | None = settings.azure_connection_string
    if settings.azure_connection_string_file is not None:
        name = f"{name}_FILE"
        text = read_named(name, settings.azure_connection_string_file, _LIMIT)
    return None if text is None else _read(name, text, settings.azure_token_life)


def _read(name: str, text: str, life_s: int) -> Hub:
    parts = dict(part.split("=", 1) for part in text.strip().split(";") if "=" in part)
    try:
        host, policy = parts["HostName"], parts["SharedAccessKeyName"]
        key = b64decode(parts["SharedAccessKey"], validate=True)
    except (KeyError, NoBase64Error, ValueError):
        raise SettingsError(f"{name} is no connection string of a hub: use {_EXAMPLE}") from None
    if not (host and policy and key):
        raise SettingsError(f"{name} is no connection string of a hub: use {_EXAMPLE}")
    return Hub(host, policy, key, life_s)
