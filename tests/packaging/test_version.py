"""The version is that of the changelog's newest release."""

import pytest

import iotmock
from iotmock.version import newest_release
from tests.repository import ROOT


def test_what_is_unreleased_has_no_version() -> None:
    text = "# Changelog\n\n## Unreleased\n\n- 9.9.9 of it\n\n## 0.10.2 (2026-01-02)\n\n## 0.9.0\n"
    assert newest_release(text) == "0.10.2"


def test_a_changelog_without_a_release_says_what_to_do() -> None:
    with pytest.raises(ValueError, match="give it a heading"):
        newest_release("# Changelog\n\n## Unreleased\n")


def test_a_checkout_is_of_the_changelogs_version() -> None:
    assert iotmock.__version__ == newest_release((ROOT / "CHANGELOG.md").read_text())
