"""The last line of what another process printed."""

from pathlib import Path

import pytest

from iotmock.files.last_line import last_line


@pytest.mark.parametrize(
    ("printed", "last"),
    [
        (b"", ""),
        (b"\n \n", ""),
        (b"a\nb\n\n", "b"),
        (b"a\r\nb", "b"),
        (b"\x1b[2Ja\xff", r"\x1b[2Ja\ufffd"),
        (b"x" * 1_000_000, f"{'x' * 200}..."),
        (b"x" * 1_000_000 + b"\nb\n", "b"),
    ],
)
def test_the_last_line_is_short_and_fit_for_a_terminal(
    printed: bytes, last: str, tmp_path: Path
) -> None:
    (tmp_path / "log").write_bytes(printed)
    assert last_line(tmp_path / "log") == last


def test_of_lines_that_count_it_is_the_last(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("[error ] a\n[info ] b\n")
    assert last_line(tmp_path / "log", lambda line: "[info " not in line) == "[error ] a"


def test_what_is_not_there_has_said_nothing(tmp_path: Path) -> None:
    assert last_line(tmp_path / "log") == last_line(tmp_path) == ""
