"""What a sentence quotes of what was given: one short line, and no secret."""

from pathlib import Path

import pytest

from iotmock.wording.quoted import HIDDEN, quoted, quoted_path
from iotmock.wording.words import named, shown

SECRETS = [
    "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----",
    "HostName=h;SharedAccessKeyName=n;SharedAccessKey=hunter2==",
    "SharedAccessSignature sr=h&sig=hunter2&se=1",
    "user:hunter2@host",
    "mqtt://hunter2@host",
    "mqtts://user:hun@ter2@host:8883/hunter2",
    "host=db user=u password = hunter2",
    "https://host/?token=hunter2",
]


@pytest.mark.parametrize("secret", SECRETS)
def test_what_looks_like_a_secret_is_not_quoted(secret: str) -> None:
    assert {quoted(secret), quoted_path(secret), shown(secret), named(secret)} == {HIDDEN}


@pytest.mark.parametrize("text", ["x\ny", "\x1b[31m", "\x1b]0;evil\a" * 100, "x" * 5_000, "\u2028"])
def test_a_quotation_is_one_short_line(text: str) -> None:
    assert quoted(text).isprintable()
    assert len(quoted(text)) <= 103
    assert quoted_path(text) == HIDDEN


def test_what_is_harmless_is_quoted_as_it_is() -> None:
    for text in ("", "127.0.0.1,eth0", "2026-01-01T12:00:00", "büro", "x" * 100, "a@b", "[::1]:80"):
        assert quoted(text) == text


@pytest.mark.parametrize(
    "path",
    ["token.txt", "certs/x/{device_id}.pem", "./token", "../token", "/etc/nowhere/token", "here"],
)
def test_what_is_a_path_is_quoted(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here").touch()
    assert quoted_path(path) == path


@pytest.mark.parametrize(
    "token",
    [
        "hunter2",
        "s3cr3t-hunter2",
        "aGVs/G8+hunter2==",
        "/G8+hunter2",
        "eyJh.eyJz.hunter2",
        "mock-hvac-001,u,hunter2,c.pem,k.pem",
        "hunter2\0",
        "a" * 300 + ".pem",
    ],
)
def test_what_may_be_the_secret_itself_is_not_taken_for_its_file(token: str) -> None:
    assert quoted_path(token) == HIDDEN
