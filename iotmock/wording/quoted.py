"""What somebody gave, as a sentence quotes it: on one short line, and never a secret.

A setting that names a file is given the file's text now and then, and a host a whole login: what
looks like that is hidden, as is what stands for a secret's file and may be the secret itself.
"""

import os
import re
from pathlib import Path

HIDDEN = "(hidden)"
_MOST_SHOWN = 100
_LONGEST_NAME = 255
_SECRET = re.compile(
    r"-----BEGIN|SharedAccess(Key|Signature)\b|(password|passwd|pwd|token|secret)\s*=",
    re.IGNORECASE,
)
"""A key's text, a hub's connection string, something named a secret."""
_PATH = re.compile(r"[\w .~+{}/-]+")
_HERE = ("./", "../", "~/")
_SUFFIXES = frozenset(
    {".cer", ".conf", ".crt", ".csv", ".env", ".json", ".key", ".p8", ".pem", ".secret", ".token"}
    | {".toml", ".txt"}
)
"""Ends of names that files of secrets have, and secrets have not."""


def quoted(text: str) -> str:
    """Return a text as a sentence quotes it."""
    if looks_secret(text):
        return HIDDEN
    shown = one_line(text[: _MOST_SHOWN + 1])
    return shown if len(shown) <= _MOST_SHOWN else f"{shown[:_MOST_SHOWN]}..."


def quoted_path(text: str) -> str:
    """Return the path of a secret's file as a sentence quotes it, if it can be taken for one."""
    return quoted(text) if _is_path(text) else HIDDEN


def looks_secret(text: str) -> bool:
    """Say whether a text has the look of a password, a key or a login, wherever it was given."""
    is_login = "@" in text.partition(":")[2]  # user:password@host, a URL with it or part of one
    return is_login or _SECRET.search(text) is not None


def one_line(text: str) -> str:
    """Return a text with what no terminal is to be sent escaped: ends of lines, too."""
    return text if text.isprintable() else ascii(text)[1:-1]


def _is_path(text: str) -> bool:
    if not _PATH.fullmatch(text) or any(len(part) > _LONGEST_NAME for part in text.split("/")):
        return "\0" not in text and os.path.lexists(text)
    return (
        os.path.lexists(text)
        or text.startswith(_HERE)
        or Path(text).suffix.lower() in _SUFFIXES
        or _begins_with_folder(text)
    )


def _begins_with_folder(text: str) -> bool:
    """Say whether the first folder is there: letters of a key in Base64 may be slashes, too."""
    parts = Path(text).parts
    first = Path(*parts[: 2 if text.startswith("/") else 1])
    return len(parts) > 1 and first.is_dir()
