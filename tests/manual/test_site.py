"""The documentation site as it is built: whole, without a dead link, without another host."""

import json
import re
from pathlib import Path

import pytest

from tests.docs.snippets import DOCS
from tests.manual.pages import read, target
from tests.patience import SLACK
from tests.repository import ROOT

pytestmark = [pytest.mark.long(30), pytest.mark.timeout(300 * SLACK)]
_ADDRESS = re.compile(r"(?:url\(|@import\s*)[\"']?(?:https?:)?//")
_MOST_BYTES = 6_000_000
GENERATED = {
    "reference/api.html": ("POST /api/v1/devices:batch", "base_power_spread"),
    "reference/cli.html": ("iotmock soak compare", "--max-delay"),
    "reference/families.html": ("set_setpoint", "two_shift"),
    "reference/faults.html": ("register_kwh",),
    "reference/metrics.html": ("iotmock_ticks_due",),
    "reference/mqtt.html": ("energy/groups/{location}/commands",),
    "reference/scenario.html": ("ConnectionStorm",),
}
"""What the code alone knows, by the page that says it."""


def pages(built: Path) -> list[Path]:
    return sorted(built.rglob("*.html"))


def outside(link: str) -> bool:
    return link.startswith(("http:", "https:", "mailto:", "data:"))


def test_every_page_of_the_docs_is_in_it(built: Path) -> None:
    written = {path.relative_to(ROOT / "docs") for path in DOCS}
    assert {path.relative_to(built).with_suffix(".md") for path in pages(built)} == written


def test_nothing_is_loaded_from_another_host(built: Path) -> None:
    loaded = {one for page in pages(built) for one in read(page).loaded}
    assert loaded
    assert [one for one in loaded if one.startswith(("http:", "https:", "//"))] == []
    for style in built.rglob("*.css"):
        assert not _ADDRESS.search(style.read_text(encoding="utf-8")), style


def test_no_link_is_dead(built: Path) -> None:
    found = {page: read(page) for page in pages(built)}
    dead = set()
    for page, one in found.items():
        for link in filter(lambda link: not outside(link), one.links + one.loaded):
            file, anchor = target(page, link)
            if file.is_dir():
                file /= "index.html"
            anchors = found[file].anchors if file in found else set()
            if not file.is_file() or (anchor and file in found and anchor not in anchors):
                dead.add(f"{page.relative_to(built)}: {link}")
    assert dead == set()


@pytest.mark.parametrize("page", GENERATED)
def test_pages_of_the_reference_end_with_what_the_code_knows(built: Path, page: str) -> None:
    text = (built / page).read_text(encoding="utf-8")
    for word in GENERATED[page]:
        assert word in text


def test_what_is_generated_is_found_by_the_search(built: Path) -> None:
    index = json.loads((built / "search/search_index.json").read_text(encoding="utf-8"))
    titles = {one["location"]: one["title"] for one in index["docs"]}
    assert any("/api/v1/devices:batch" in title for title in titles.values())


def test_it_is_small_enough_for_a_wheel(built: Path) -> None:
    size = sum(path.stat().st_size for path in built.rglob("*") if path.is_file())
    assert size < _MOST_BYTES, f"{size:,}"
