"""The modules of the page and of charts in files: types, rules, and their logic under node."""

import re

import pytest

from tests.patience import SLACK
from tests.repository import ROOT, files
from tests.web.node import MODULES, PAGE, node

pytestmark = [pytest.mark.long(20), pytest.mark.timeout(300 * SLACK)]
LONGEST = 200
UNITS = ("tests/web/units", "tests/charts/units")
OURS = ("iotmock/web", "iotmock/charts/page/browser", *UNITS)


@pytest.mark.parametrize("those", ["tsconfig.json", "tsconfig.charts.json"])
def test_types_are_right(those: str) -> None:
    assert node(MODULES / "typescript/bin/tsc", "-p", those, cwd=PAGE) == ""


def test_the_rules_are_kept() -> None:
    rules = ("-c", "page/eslint.config.js", "--max-warnings", "0")
    assert node(MODULES / "eslint/bin/eslint.js", *rules, *OURS) == ""


def test_the_logic_is_right() -> None:
    said = node(
        "--import", "./page/resolve.js", "--test", *(f"{place}/*.test.js" for place in UNITS)
    )
    assert int(re.findall(r"pass (\d+)", said)[0]) > 30


def test_each_module_says_in_its_first_line_what_it_is_and_is_short() -> None:
    for name in (name for name in files() if re.fullmatch(r"iotmock/(web|charts)/.*\.js", name)):
        lines = (ROOT / name).read_text().splitlines()
        assert lines[0].startswith("// "), name
        assert len(lines) <= LONGEST, name
