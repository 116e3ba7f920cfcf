"""From the text of a variable to its value, or to what is allowed."""

import ipaddress
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from attrs import frozen

from iotmock.settings.numbers import NotAllowedError
from iotmock.wording.topics import can_be_level
from iotmock.wording.words import shown

ROOT_PATH = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*){1,16}", re.ASCII)
_TOKEN = re.compile(r"[!-~]{1,1000}")
_HOST = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?")
_ORIGIN = re.compile(
    r"https?://(\[(?P<address>[0-9A-Fa-f:.]+)\]|[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*)"
    r"(:(?P<port>[0-9]{1,5}))?"
)
_HIGHEST_PORT = 65_535
_LATEST = 4_102_444_800.0
"""The year 2100."""
_LONGEST_STRING = 65_535
"""Bytes of a text in MQTT (MQTT 5.0, 1.5.4)."""
RUN = re.compile(r"[A-Za-z0-9_.-]{0,32}")
FleetSetting = tuple[tuple[str, str | None, int], ...]
"""Device type, profile and count of each group."""


@frozen
class Connections:
    """How the fleet connects: over one connection, over `count`, or a device over its own."""

    model: Literal["shared", "pool", "per-device"] = "shared"
    count: int = 1


class Secret(str):
    """A text that shows itself to nobody who only prints it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret(hidden)"


def root_path(text: str) -> str:
    """Return a path to begin others with: nothing, or segments with a slash before each."""
    path = text.strip().rstrip("/")
    if path and not ROOT_PATH.fullmatch(path):
        raise NotAllowedError("a path such as /sim, or empty")
    return path


def one_of(*choices: str) -> Callable[[str], str]:
    """Return a parser of one of these words, in lower case."""

    def parse(text: str) -> str:
        if text.lower() not in choices:
            raise NotAllowedError(f"one of {', '.join(choices)}")
        return text.lower()

    return parse


def switch(text: str) -> bool:
    """Return whether it is on."""
    if text.lower() in {"true", "on", "yes", "1"}:
        return True
    if text.lower() in {"false", "off", "no", "0"}:
        return False
    raise NotAllowedError("true or false")


def text(text: str) -> str:
    """Return a text of one line that is not empty."""
    if not text or not text.isprintable():
        raise NotAllowedError("a text that is not empty, without control characters")
    return text


def file_path(text: str) -> str:
    """Return a path that ends with the name of a file."""
    if Path(text).name in {"", ".."} or not text.isprintable():
        raise NotAllowedError("the path of a file, without control characters")
    return text


def mqtt_text_or_none(text: str) -> str | None:
    """Return a text that fits into an MQTT packet, or None for an empty one."""
    if "\x00" in text or len(text.encode()) > _LONGEST_STRING:
        raise NotAllowedError(f"a text of at most {_LONGEST_STRING:,} bytes without U+0000")
    return text or None


def file_or_none(text: str) -> str | None:
    """Return a path that ends with the name of a file, or None for an empty one."""
    return file_path(text) if text else None


def read_file_or_none(text: str) -> str | None:
    """Return the path of a file that is read, or None for an empty one."""
    if text and (Path(text).name in {"", ".."} or not text.isprintable()):
        raise NotAllowedError("the path of a file and not what is in it, or empty")
    return text or None


def folder_or_none(text: str) -> str | None:
    """Return the path of a folder, or None for an empty one."""
    if text and not text.isprintable():
        raise NotAllowedError("the path of a folder, without control characters, or empty")
    return text or None


def secret_or_none(text: str) -> Secret | None:
    """Return a text that shows itself to nobody, or None."""
    return Secret(text) if mqtt_text_or_none(text) else None


def token(text: str) -> Secret:
    """Return a token that can stand in a header."""
    if not _TOKEN.fullmatch(text):
        raise NotAllowedError("up to 1,000 letters, digits and signs of ASCII, without spaces")
    return Secret(text)


def token_or_none(text: str) -> Secret | None:
    """Return a token, or None."""
    return token(text) if text else None


def http_url_or_none(text: str) -> str | None:
    """Return the URL of a service without a slash at its end, or None for an empty one."""
    if not text.strip():
        return None
    allowed = "a URL such as http://localhost:8090 or https://host.example/sim, without user"
    try:
        found = urlsplit(text.strip())
        bare = not (found.query or found.fragment or found.username or found.password)
        if found.scheme in {"http", "https"} and found.hostname and bare and found.port != 0:
            return urlunsplit(found).rstrip("/")
    except ValueError:
        pass
    raise NotAllowedError(allowed)


def host_names(text: str) -> tuple[str, ...]:
    """Return host names."""
    return _all(_HOST, text, "host names without port, with commas between")


def origins(text: str) -> tuple[str, ...]:
    """Return origins of web pages."""
    allowed = "origins as https://app.example:8443, with commas between"
    found = _all(_ORIGIN, text, allowed)
    if not all(_is_origin(origin) for origin in found):
        raise NotAllowedError(allowed)
    return found


def _is_origin(text: str) -> bool:
    found = _ORIGIN.fullmatch(text)
    if found is None:
        return False
    address, port = found["address"], found["port"]
    return (not address or _is_address(address)) and 0 < int(port or 1) <= _HIGHEST_PORT


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _all(pattern: re.Pattern[str], text: str, allowed: str) -> tuple[str, ...]:
    found = tuple(part.strip() for part in text.split(",") if part.strip())
    if not all(pattern.fullmatch(part) for part in found):
        raise NotAllowedError(allowed)
    return found


def moment_or_none(text: str) -> float | None:
    """Return a moment in the past in Unix seconds, or None."""
    allowed = NotAllowedError("a past date or time, as 2025-06-01 or 2025-06-01T12:00:00Z")
    return _moment(text, time.time(), allowed) if text else None


def any_moment_or_none(text: str) -> float | None:
    """Return a moment in Unix seconds, or None."""
    allowed = NotAllowedError("a date or time, as 2025-06-01 or 2025-06-01T10:00:00Z")
    return _moment(text, _LATEST, allowed) if text else None


def _moment(text: str, before: float, refusal: NotAllowedError) -> float:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise refusal from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    if not 0.0 < moment.timestamp() < before:
        raise refusal
    return moment.timestamp()


def host(text: str) -> str:
    """Return a host name or an IP address; one of IPv6 may be in brackets."""
    name = text.strip()
    if name.startswith("[") and name.endswith("]"):
        name = name[1:-1]
    if not name or re.search(r"[\s/@\[\]]", name) or (":" in name and not _is_address(name)):
        raise NotAllowedError(
            "a host name or an IP address; its port is MQTT_BROKER_PORT, a URL MQTT_BROKER_URL"
        )
    return name


def path(text: str) -> str:
    """Return the path of a WebSocket."""
    if not re.fullmatch(r"/[!-~]*", text):
        raise NotAllowedError("a path that begins with /, as /mqtt")
    return text


def alpn(text: str) -> tuple[str, ...]:
    """Return names of ALPN protocols (RFC 7301)."""
    names = tuple(part.strip() for part in text.split(",") if part.strip())
    if not all(re.fullmatch(r"[!-~]{1,255}", name) for name in names):
        raise NotAllowedError("names of protocols with commas between, as mqtt or x-amzn-mqtt-ca")
    return names


def client_id(text: str) -> str | None:
    """Return an MQTT client id, or None."""
    if len(text) > 128 or (text and not can_be_level(text)):
        raise NotAllowedError("up to 128 characters without / + #, or empty for one of its own")
    return text or None


def fleet(text: str) -> FleetSetting:
    """Return the groups of a fleet."""
    groups: dict[tuple[str, str | None], int] = {}
    for part in text.split(",") if text.strip() else ():
        found = re.fullmatch(r"\s*([\w.-]+)(?:/([\w.-]+))?\s*=\s*([0-9]{1,7})\s*", part)
        if found is None or found.group(1, 2) in groups:
            raise NotAllowedError(
                "type=count or type/profile=count, each once, with commas between"
            )
        groups[found[1], found[2]] = int(found[3])
    return tuple((kind, profile, count) for (kind, profile), count in groups.items())


def run(text: str) -> str | None:
    """Return the name of a run, or None."""
    if not RUN.fullmatch(text):
        raise NotAllowedError("up to 32 of A-Z a-z 0-9 _ . - or empty for one of its own")
    return text or None


def connections(text: str) -> Connections:
    """Return how the fleet connects."""
    found = re.fullmatch(r"(shared|per-device)|pool:([0-9]{1,4})", text.strip().lower())
    if found is None or not 1 <= int(found[2] or 1) <= 1_000:
        raise NotAllowedError("shared, per-device, or pool:N with N from 1 to 1000")
    if found[2]:
        return Connections("pool", int(found[2]))
    return Connections("per-device" if found[1] == "per-device" else "shared")


def addresses(text: str) -> tuple[str, ...]:
    """Return IP addresses."""
    found = tuple(part.strip() for part in text.split(",") if part.strip())
    for address in found:
        if not _is_address(address):
            raise NotAllowedError(
                f"IP addresses of this machine with commas between; {shown(address)} is none"
            )
    return found
