"""A family of a distribution outside the package, as docs/how-to/new-device-type.md shows it."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from iotmock.model.commands import Applied, parse_command
from iotmock.model.device import Device
from iotmock.model.families import DeviceTypeEntryPointError, built_in, installed
from iotmock.model.operations.command import handle
from iotmock.model.operations.preview import preview
from iotmock.model.site.sites import Sites
from iotmock.model.spec import DeviceSpec, DeviceState
from tests.model.fleet import DAY_S, MONDAY, energy
from tests.repository import ROOT

PAGE = ROOT / "docs/how-to/new-device-type.md"
Install = Callable[[str, str], None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Return a function that installs a distribution with one module and one entry point."""

    def make(source: str, target: str) -> None:
        (tmp_path / "outside_family.py").write_text(source, encoding="utf-8")
        info = tmp_path / "outside_family-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            "Metadata-Version: 2.1\nName: outside-family\nVersion: 1.0\n", encoding="utf-8"
        )
        (info / "entry_points.txt").write_text(
            f"[iotmock.device_types]\ncharger = {target}\n", encoding="utf-8"
        )
        monkeypatch.delitem(sys.modules, "outside_family", raising=False)
        monkeypatch.syspath_prepend(tmp_path)

    return make


def source_on_the_page() -> str:
    found = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found.group(1)


def test_the_family_of_the_page_joins_the_five_and_works(install: Install) -> None:
    install(source_on_the_page(), "outside_family:TYPE")
    catalogue = installed()
    assert catalogue.names == (*built_in().names, "charger")

    kind = catalogue.get("charger")
    spec = DeviceSpec("charger-1", "charger", "Car Park", 11.0, 400.0)
    charger = Device.make(spec, kind, Sites(1, 0.1), DeviceState())
    assert energy(charger, MONDAY, DAY_S, 60.0) > 5.0
    command = parse_command(kind.commands, "set_limit", {"percent": 50.0})
    assert handle(charger, command, 0.0) == Applied()  # type: ignore[arg-type]
    assert charger.state(None).settings == {"limit": 0.5}
    assert len(preview(charger, MONDAY + DAY_S, hours=1.0, step_s=300.0)) == 12


@pytest.mark.parametrize(
    ("source", "target", "reason"),
    [
        ("", "outside_family:TYPE", "has no attribute 'TYPE'"),
        ("", "no_such_module:TYPE", "No module named 'no_such_module'"),
        ("TYPE = 5", "outside_family:TYPE", "is no DeviceType but 5"),
        (
            "from iotmock.model.families.hvac import TYPE",
            "outside_family:TYPE",
            "'hvac' is taken",
        ),
    ],
)
def test_what_can_not_join_is_named_with_the_reason(
    install: Install, source: str, target: str, reason: str
) -> None:
    install(source, target)
    with pytest.raises(DeviceTypeEntryPointError, match=reason) as caught:
        installed()
    assert "'charger'" in str(caught.value)
