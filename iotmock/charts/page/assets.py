"""Style and script of a page, as they are written into it."""

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files

from iotmock.charts.page.palette import colours

_MODULES = (
    "numbers", "time", "columns", "view", "frame", "draw", "crosshair", "legend", "gestures",
    "chart", "cells", "main",
)  # fmt: skip
"""Each imports from those before it alone."""
_IMPORT = re.compile(r"^import .*;\n", re.MULTILINE)
_COMMENT = re.compile(r"^ *(//[^\n]*|/\*\*(?:(?!\*/).)*\*/)\n", re.MULTILINE | re.DOTALL)
_EXPORT = re.compile(r"^export (?=function|const|class)", re.MULTILINE)


@cache
def script() -> str:
    """Return the modules as one: a page in one file has none that others could import.

    What only tells people and tsc something is left out: pages are kept and sent.
    """
    return "".join(_bare(_read(f"{name}.js")) for name in _MODULES)


def _bare(module: str) -> str:
    return _EXPORT.sub("", _IMPORT.sub("", _COMMENT.sub("", module)))


@cache
def style() -> str:
    """Return the style sheet with the colours."""
    return colours() + _read("style.css")


def _read(name: str) -> str:
    return files("iotmock.charts.page").joinpath("browser", name).read_text(encoding="utf-8")


def fingerprint(text: str) -> str:
    """Return what a Content-Security-Policy calls a script or style that stands in the page.

    Source: CSP Level 3, 2.3.1, `hash-source`.
    """
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
