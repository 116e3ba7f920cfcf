"""Faults: every one with its parameters and its usual rate, as the service lists them."""

from collections.abc import Iterator
from typing import Any

from manual.reference.schema import fields
from manual.reference.service import told
from manual.reference.tables import code


def lines() -> Iterator[str]:
    """Yield the section."""
    yield "## Every fault"
    yield "As `GET /api/v1/fault-types` has them."
    for fault in told().fault_types:
        yield from ("", f"### {code(fault['fault'])}", "", fault["description"], _rate(fault))
        yield from fields(fault["parameters"])


def _rate(fault: dict[str, Any]) -> str:
    whose = f" Only {fault['device_type']}." if fault["device_type"] else ""
    per_day = fault["per_day"]
    often = f" `realistic`: {per_day:.2g} a device and day." if per_day else ""
    return f"{whose}{often}".strip()
