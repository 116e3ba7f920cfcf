"""What requests are made of, whichever client sends them."""

from typing import Any
from urllib.parse import quote

from msgspec import UNSET


def given(**fields: Any) -> dict[str, Any]:
    """Return the fields that are not left out."""
    return {name: value for name, value in fields.items() if value is not UNSET}


def of_device(device_id: str, more: str = "") -> str:
    """Return the path of a device, or of something below it."""
    return f"api/v1/devices/{quote(device_id, safe='')}{more}"


def key(idempotency_key: str | None) -> dict[str, str]:
    """Return the header by which a request that is sent again is done once."""
    return {} if idempotency_key is None else {"Idempotency-Key": idempotency_key}


def condition(etag: str | None) -> dict[str, str]:
    """Return the header by which a change is made to what was read, and to nothing newer."""
    return {} if etag is None else {"If-Match": etag}
