"""The table of assertions as a page."""

from pathlib import Path

from tests.mqtt.conformance.page import section
from tests.mqtt.conformance.statements import read
from tests.repository import ROOT

PATH = ROOT / "docs/reference/sparkplug-conformance.md"
SPARKPLUG = read("Sparkplug 3.0.0", "30", Path(__file__).with_name("data"))
_INTRODUCTION = """\
# What Sparkplug demands of an edge node

Every assertion of Sparkplug 3.0.0 by the name that its test kit has for it (`tck-id-` before it),
with the tests that show that `DIALECT=sparkplug` keeps it, or why it does not bind an edge node, or
is not kept. The words are ours; what counts is the specification. The test kit itself was not run:
it comes as source alone, as an extension of another broker. `make conformance` writes this page,
and a test fails if a name is missing or a test does not exist.
"""


def page() -> str:
    """Return the page."""
    return "\n".join([_INTRODUCTION, *section(SPARKPLUG, "an edge node")])
