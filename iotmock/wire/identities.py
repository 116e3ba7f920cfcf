"""Who each connection says it is: by a template, or by a row of a CSV file."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from attrs import evolve, field, frozen

from iotmock.settings import Settings, SettingsError

PLACEHOLDER = "{device_id}"
_ID = "device_id"
_COLUMNS = ("username", "password", "cert", "key")
_SETTINGS = ("username", "password", "tls_cert", "tls_key")


@frozen
class Identity:
    """Credentials of one connection; `cert` and `key` are files of its client certificate."""

    username: str | None = None
    password: str | None = field(default=None, repr=False)
    cert: str | None = None
    key: str | None = None

    def filled(self, name: str) -> "Identity":
        """Return it with `name` in place of each `{device_id}`."""
        fields = {key: getattr(self, key) for key in _COLUMNS}
        return Identity(
            **{key: text and text.replace(PLACEHOLDER, name) for key, text in fields.items()}
        )

    @property
    def is_template(self) -> bool:
        """Whether it differs from device to device."""
        return any(PLACEHOLDER in (getattr(self, key) or "") for key in _COLUMNS)


@frozen
class Identities:
    """`rows` have those of single devices, `usual` is for all others."""

    usual: Identity
    rows: Mapping[str, Identity] = field(factory=dict, repr=False)

    def of(self, name: str) -> Identity:
        """Return who a device, or the service itself by its client id, is for the broker."""
        usual = self.usual.filled(name) if self.usual.is_template else self.usual
        row = self.rows.get(name)
        if row is None:
            return usual
        given = {key: value for key in _COLUMNS if (value := getattr(row, key)) is not None}
        return evolve(usual, **given)


def read_identities(settings: Settings) -> Identities:
    """Return the credentials that the settings describe.

    Raises:
        SettingsError: MQTT_CREDENTIALS can not be read, and where.
    """
    usual = Identity(*[getattr(settings, f"mqtt_{name}") for name in _SETTINGS])
    if settings.mqtt_credentials is None:
        return Identities(usual)
    try:
        return Identities(usual, dict(_rows(Path(settings.mqtt_credentials))))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SettingsError(
            f"MQTT_CREDENTIALS={settings.mqtt_credentials} can not be read: {error}"
        ) from error


def _rows(path: Path) -> Iterator[tuple[str, Identity]]:
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        _check_header(path, reader.fieldnames or ())
        seen = set()
        for row in reader:
            device_id = row.pop(_ID)
            if not device_id or device_id in seen or None in row:
                raise SettingsError(
                    f"MQTT_CREDENTIALS={path}, line {reader.line_num}: one row a device, with its "
                    "device_id and no more cells than the header"
                )
            seen.add(device_id)
            yield device_id, Identity(**{key: value or None for key, value in row.items()})


def _check_header(path: Path, names: Sequence[str]) -> None:
    unknown = set(names) - {_ID, *_COLUMNS}
    if _ID not in names or unknown or len(set(names)) != len(names):
        raise SettingsError(
            f"MQTT_CREDENTIALS={path}: the first line must name columns out of "
            f"{_ID} (required), {', '.join(_COLUMNS)}; it has {', '.join(names) or 'none'}"
        )
