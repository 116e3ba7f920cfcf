"""Which versions are at work, and whether a package is missing."""

import platform
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version

from iotmock import __version__
from iotmock.doctor.finding import Finding, ok, problem

_CHECK = "versions"
_TOLD = ("trio", "anyio", "quart", "hypercorn", "httpx", "msgspec", "amqtt")
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def versions() -> Iterator[Finding]:
    """Yield what runs here; without a package that the service imports it is a problem."""
    told = [f"{name} {found}" for name in _TOLD if (found := _version(name))]
    yield ok(_CHECK, f"iotmock {__version__}, Python {platform.python_version()}")
    if missing := [name for name in _required() if _version(name) is None]:
        names = ", ".join(missing)
        yield problem(_CHECK, f"{names} can not be found here", "install anew: pip install iotmock")
    else:
        yield ok(_CHECK, ", ".join(told))


def _required() -> Iterator[str]:
    try:
        lines = requires("iotmock") or []
    except PackageNotFoundError:  # it runs from its source
        lines = list(_TOLD)
    for line in lines:
        name = _NAME.match(line)
        if name is not None and "extra ==" not in line:
            yield name.group()


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
