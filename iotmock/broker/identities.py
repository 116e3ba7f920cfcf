"""Who each connection says it is: by a template, or by a row of a CSV file."""

import csv
from collections.abc import Container, Iterator, Mapping, Sequence
from io import StringIO
from math import inf

from attrs import evolve, field, frozen

from iotmock.broker.sas import Hub, hub_of
from iotmock.settings.errors import SettingsError
from iotmock.settings.secret_files import read_named
from iotmock.settings.settings import Settings
from iotmock.wording.quoted import quoted_path

PLACEHOLDER = "{device_id}"
_FILE = "MQTT_CREDENTIALS"
_LIMIT = 64_000_000
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
    hub: Hub | None = None
    """Where each has a name and a token by one key, unless its row says otherwise."""

    def life_s(self, name: str) -> float:
        """Return for how many seconds it lets somebody in: inf for ever."""
        row = self.rows.get(name)
        has_own = row is not None and row.password is not None
        return inf if self.hub is None or has_own else self.hub.life_s

    def of(self, name: str) -> Identity:
        """Return who a device, or the service itself by its client id, is for the broker."""
        usual = self.usual.filled(name) if self.usual.is_template else self.usual
        if self.hub is not None:
            usual = evolve(usual, username=self.hub.username(name), password=self.hub.token(name))
        row = self.rows.get(name)
        if row is not None:
            given = {key: value for key in _COLUMNS if (value := getattr(row, key)) is not None}
            usual = evolve(usual, **given)
        # MQTT 3.1.1 knows no password without a user name.
        return usual if usual.username is not None else evolve(usual, password=None)


def read_identities(settings: Settings) -> Identities:
    """Return the credentials that the settings describe.

    Raises:
        SettingsError: MQTT_CREDENTIALS can not be read, and where.
    """
    usual = Identity(*[getattr(settings, f"mqtt_{name}") for name in _SETTINGS])
    hub = hub_of(settings)
    if settings.mqtt_credentials is None:
        return Identities(usual, hub=hub)
    text = read_named(_FILE, settings.mqtt_credentials, _LIMIT)
    file = f"{_FILE}={quoted_path(settings.mqtt_credentials)}"
    return Identities(usual, dict(_rows(file, text)), hub)


def _rows(file: str, text: str) -> Iterator[tuple[str, Identity]]:
    reader = csv.DictReader(StringIO(text, newline=""), strict=True)
    try:
        yield from _checked(file, reader)
    except csv.Error as error:
        is_open = "end of data" in str(error)
        why = "has a quote that is not closed" if is_open else f"can not be read: {error}"
        raise SettingsError(f"{file}, line {reader.line_num + 1} {why}") from error


def _checked(file: str, reader: "csv.DictReader[str]") -> Iterator[tuple[str, Identity]]:
    _check_header(file, reader.fieldnames or ())
    seen = set[str]()
    for row in reader:
        device_id = row.pop(_ID)
        for complaint in _complaints(device_id, row, seen):
            raise SettingsError(f"{file}, line {reader.line_num} {complaint}")
        seen.add(device_id)
        yield device_id, Identity(**{key: value or None for key, value in row.items()})


def _complaints(
    device_id: str, row: Mapping[str | None, object], seen: Container[str]
) -> Iterator[str]:
    if not device_id:
        yield "has no device_id: give each row the one it is for"
    if device_id in seen:
        yield f"is a second row for {device_id[:64]!a}: give each device one row"
    if None in row:
        yield "has more cells than the header: put cells with a comma into quotes"


def _check_header(file: str, names: Sequence[str]) -> None:
    unknown = set(names) - {_ID, *_COLUMNS}
    if _ID not in names or unknown or len(set(names)) != len(names):
        # Without a header, what stands there are the first device's user and password.
        raise SettingsError(
            f"{file}: the first line must name columns out of "
            f"{_ID} (required), {', '.join(_COLUMNS)}, each once"
        )
