"""What `iotmock profiles` says: the device types that can be simulated, and their profiles."""

from collections.abc import Iterator

import typer

from iotmock.files.json_text import json_text
from iotmock.model.families import DeviceTypeEntryPointError, installed
from iotmock.model.family import DeviceType, Profile, UnknownDeviceTypeError

MENDABLE = (DeviceTypeEntryPointError, UnknownDeviceTypeError)


def say_profiles(family: str | None, *, as_json: bool) -> None:
    """Print every device type, or one, with its profiles.

    Raises:
        UnknownDeviceTypeError: there is none of this name.
    """
    catalogue = installed()
    kinds = list(catalogue) if family is None else [catalogue.get(family)]
    if as_json:
        typer.echo(json_text({"device_types": [_document(kind) for kind in kinds]}))
        return
    typer.echo("\n\n".join("\n".join(_lines(kind)) for kind in kinds))
    typer.echo("\nto see one: iotmock generate --profile NAME -o a.csv --plot a.html", err=True)


def _lines(kind: DeviceType) -> Iterator[str]:
    yield f"{kind.device_type:<13} {kind.description}"
    yield from (f"  {profile.name:<11} {_line(profile)}" for profile in kind.profiles)


def _line(profile: Profile) -> str:
    phases = "1 phase " if profile.phases == 1 else f"{profile.phases} phases"
    power, voltage = f"{profile.base_power:g} kW", f"{profile.base_voltage:g} V"
    return f"{power:>8}  {voltage:>5}  {phases}  {profile.description}"


def _document(kind: DeviceType) -> dict[str, object]:
    return {
        "device_type": kind.device_type,
        "name": kind.name,
        "description": kind.description,
        "profiles": [_profile(profile) for profile in kind.profiles],
    }


def _profile(profile: Profile) -> dict[str, object]:
    """Return a profile in kW and V."""
    return {
        "profile": profile.name,
        "description": profile.description,
        "base_power": profile.base_power,
        "base_voltage": profile.base_voltage,
        "phases": profile.phases,
    }
