"""Tables of the reference that are written by hand say what the code says."""

import re

import attrs
import msgspec
import pytest

from iotmock.cli.table import COMMANDS
from iotmock.model.faults.types import FAULT_TYPES
from iotmock.model.measures.full_reading import FullReading
from iotmock.settings.settings import Settings
from tests.repository import ROOT

REFERENCE = ROOT / "docs/reference"
SETTINGS = {
    attribute.name.upper(): attribute.metadata["environ_config"].default
    for attribute in attrs.fields(Settings)  # type: ignore[arg-type]
}
_ROW = re.compile(r"^\| `(\w+)` \| (?:`(.*?)`|(empty)) \|", re.MULTILINE)


def text_of(page: str) -> str:
    return (REFERENCE / page).read_text(encoding="utf-8")


def rows() -> dict[str, str]:
    return {name: default for name, default, _ in _ROW.findall(text_of("configuration.md"))}


@pytest.mark.parametrize("name", sorted(set(SETTINGS) & set(rows())))
def test_a_setting_has_the_default_that_the_page_says(name: str) -> None:
    assert rows()[name] == str(SETTINGS[name])


def test_the_page_of_settings_has_a_row_for_each_and_no_other() -> None:
    assert set(rows()) == set(SETTINGS)


def test_every_field_of_a_reading_is_on_its_page() -> None:
    page = text_of("readings.md")
    named = set(re.findall(r"`([a-z_0-9]+)`", page))
    lines = {f"{name}_l{line}" for name in ("power", "voltage", "current") for line in (1, 2, 3)}
    tariffs = {f"energy_{way}_t{number}" for way in ("import", "export") for number in (1, 2)}
    kept = {"device_id", "timestamp", "status", "enabled"}
    fields = {field.name for field in msgspec.structs.fields(FullReading)}
    assert fields - named - lines - tariffs - kept == set()


def test_every_fault_and_every_command_is_on_its_page() -> None:
    faults = set(re.findall(r"^\| `(\w+)` \|", text_of("faults.md"), re.MULTILINE))
    assert set(FAULT_TYPES) <= faults
    commands = text_of("cli.md")
    assert [
        name
        for name in COMMANDS
        if f"`{name}`" not in commands and f"iotmock {name}" not in commands
    ] == []
