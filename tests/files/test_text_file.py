"""Whatever stands where a text file should be, there is a text or one reason."""

import os
from pathlib import Path

import pytest
import trio

from iotmock.files.text_file import TextFileError, is_utf_8, read_text
from tests.patience import within


@pytest.mark.parametrize("content", ["A=ä\r\n".encode(), "A=ä\r\n".encode("utf-8-sig")])
def test_utf_8_is_read_with_and_without_a_mark(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    assert read_text(tmp_path / "file", 100) == "A=ä\r\n"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1"])
def test_another_encoding_is_named(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "file").write_bytes("A=ä\n".encode(encoding))
    with pytest.raises(TextFileError, match="it is not UTF-8; save it as UTF-8"):
        read_text(tmp_path / "file", 100)


def test_what_is_too_large_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "file").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(TextFileError, match="larger than 1,000 bytes"):
        read_text(tmp_path / "file", 1_000)


def make(path: Path, kind: str) -> Path:
    if kind == "directory":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "loop":
        path.symlink_to(path)
    return Path("/dev/zero") if kind == "device" else path


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("missing", "no such file"),
        ("directory", "a folder and must be a file"),
        ("pipe", "a pipe or a device"),
        ("device", "a pipe or a device"),
        ("loop", "symbolic links"),
    ],
)
@pytest.mark.trio
async def test_no_regular_file_is_one_reason_and_no_wait(
    tmp_path: Path, kind: str, reason: str
) -> None:
    path = make(tmp_path / "file", kind)
    with pytest.raises(TextFileError, match=reason), within(5):
        await trio.to_thread.run_sync(read_text, path, 100, abandon_on_cancel=True)


def test_a_name_that_no_file_can_have(tmp_path: Path) -> None:
    with pytest.raises(TextFileError):
        read_text(tmp_path / "a\0b", 100)


@pytest.mark.parametrize(("raw", "is_text"), [("ä€😀".encode(), True), (b"a\xff", False)])
def test_the_bytes_of_a_variable(raw: bytes, is_text: bool) -> None:
    assert is_utf_8(os.fsdecode(raw)) == is_text
