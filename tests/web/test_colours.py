"""The colours of the page, as its style sheet has them."""

import re
from pathlib import Path

import pytest

import iotmock.web
from tests.contrast import contrast, mixed

_STYLE = (Path(iotmock.web.__file__).parent / "style/base.css").read_text()
_LIGHT, _DARK = _STYLE.split("@media screen and (prefers-color-scheme: dark)")
_GRAPHICS, _AT_ONCE, _LINES = 3.0, 3, 7


def value(scheme: str, name: str) -> str:
    (found,) = re.findall(rf"--{name}: ([^;]+);", scheme.partition("@media")[0])
    return str(found)


@pytest.mark.parametrize("scheme", [_LIGHT, _DARK], ids=["light", "dark"])
def test_lines_can_be_seen_before_three_faults_at_once(scheme: str) -> None:
    red, green, blue, share = map(int, re.findall(r"\d+", value(scheme, "mark")))
    behind = value(scheme, "card")
    for _ in range(_AT_ONCE):
        behind = mixed(behind, (red, green, blue), share / 100.0)
    for number in range(1, _LINES + 1):
        line = value(scheme, f"line-{number}")
        assert contrast(line, behind) >= _GRAPHICS, (number, line, behind)
