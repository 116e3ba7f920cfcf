"""Credentials by template and by file."""

from pathlib import Path

import pytest

from iotmock.broker.identities import Identities, Identity, read_identities
from iotmock.settings.errors import SettingsError
from iotmock.settings.reading import read_settings


def identities(tmp_path: Path, text: str, **environment: str) -> Identities:
    file = tmp_path / "users.csv"
    file.write_text(text)
    environment |= {"MQTT_CONNECTIONS": "per-device", "MQTT_CREDENTIALS": str(file)}
    return read_identities(read_settings(environment))


def test_a_row_wins_over_the_template(tmp_path: Path) -> None:
    got = identities(
        tmp_path,
        "device_id,username,password\na,alice,\n",
        MQTT_USERNAME="u-{device_id}",
        MQTT_PASSWORD="p-{device_id}",
    )
    assert got.of("a") == Identity("alice", "p-a")
    assert got.of("b") == Identity("u-b", "p-b")
    assert "p-" not in repr(got)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "must name columns"),
        ("name,password\n", "must name columns .* each once"),
        ("device_id,secret\n", "must name columns"),
        ("device_id,username\na,x\na,y\n", "line 3 is a second row"),
        ("device_id,username\n,x\n", "line 2"),
        ("device_id,username\na,x,y\n", "line 2"),
        ('device_id,username\na,x\nb,"y\n', "line 3 has a quote that is not closed"),
        ('device_id,username\na,"x\nb,y\n', "line 2 has a quote that is not closed"),
        ('device_id,username\na,"x"y\n', "line 2 can not be read: "),
        ('"device_id,username', "line 1 has a quote that is not closed"),
    ],
)
def test_a_bad_file_says_where(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        identities(tmp_path, text)


def test_what_is_in_quotes_may_have_lines_and_quotes(tmp_path: Path) -> None:
    got = identities(tmp_path, 'device_id,username\na,"x\ny"\nb,"x""y"\nc,x"y')
    assert [got.of(name).username for name in "abc"] == ["x\ny", 'x"y', 'x"y']


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    settings = {"MQTT_CONNECTIONS": "per-device", "MQTT_CREDENTIALS": str(tmp_path / "none")}
    with pytest.raises(SettingsError, match=r"MQTT_CREDENTIALS=.* can not be read"):
        read_identities(read_settings(settings))
