"""Metrics: every family, as `/metrics` tells it."""

import re
from collections.abc import Iterator

from manual.reference.service import told
from manual.reference.tables import code, table

_HELP = re.compile(r"^# HELP (\S+) (.*)$", re.MULTILINE)
_TYPE = re.compile(r"^# TYPE (\S+) (\S+)$", re.MULTILINE)


def lines() -> Iterator[str]:
    """Yield the section."""
    text = told().metrics
    kinds = dict(_TYPE.findall(text))
    yield "## Every metric"
    yield "In the words of `/metrics`; a counter's samples end with `_total`."
    rows = [(code(name), kinds.get(name, ""), meaning) for name, meaning in _HELP.findall(text)]
    yield from table(("metric", "type", "meaning"), rows)
