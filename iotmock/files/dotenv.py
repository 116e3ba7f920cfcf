"""`.env` files: what docs/reference/configuration.md says of them, and nothing else.

A value is what stands there: a `$` is a `$`, and a value never goes on in the next line.
"""

import re
from collections.abc import Iterator

_NEW_LINE = re.compile(r"\r\n|\n|\r")
_ASSIGNMENT = re.compile(r"""(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=(.*)""", re.DOTALL)
_QUOTED = re.compile(r"""(['"])((?:\\.|(?!\1)[^\\])*)\1(.*)""", re.DOTALL)
_AFTER = re.compile(r"[ \t]*(?:#.*)?", re.DOTALL)
_COMMENT = re.compile(r"[ \t]#.*", re.DOTALL)
_ESCAPES = {
    "'": re.compile(r"\\([\\'])"),
    '"': re.compile(r'\\([\\"nrt])'),
}
_MARK = "\ufeff"
_MARKED = "has a byte order mark, which is for the first line alone: take it away"
_MEANT = {"n": "\n", "r": "\r", "t": "\t"}


class DotenvError(Exception):
    """A line is not in order: its number and what is wrong, never its text, which may be secret."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(f"line {number} {reason}")
        self.number = number


def parse_dotenv(text: str) -> dict[str, str]:
    """Return the variables of a file; of a name that is there twice, the last value.

    Raises:
        DotenvError: a line is neither empty, nor a comment, nor NAME=value.
    """
    return dict(_variables(text))


def _variables(text: str) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(_NEW_LINE.split(text), start=1):
        content = line.strip(" \t")
        if not content or content.startswith("#"):
            continue
        found = _ASSIGNMENT.fullmatch(content)
        if found is None:
            raise DotenvError(number, _MARKED if content[0] == _MARK else "is not NAME=value")
        yield found[1], _value(found[2], number)


def _value(text: str, number: int) -> str:
    content = text.lstrip(" \t")
    if content[:1] not in _ESCAPES:
        return _COMMENT.sub("", text, count=1).strip(" \t")
    quoted = _QUOTED.fullmatch(content)
    if quoted is None:
        raise DotenvError(number, "has a quote that is not closed; \\ before a quote keeps it")
    quote, inside, after = quoted.groups()
    if not _AFTER.fullmatch(after):
        raise DotenvError(number, "goes on after the closing quote; \\ before a quote keeps it")
    return _ESCAPES[quote].sub(lambda found: _MEANT.get(found[1], found[1]), inside)
