"""`iotmock/client/synchronous` as `asynchronous` says it: `make client` writes it."""

import re
import subprocess
import sys
from pathlib import Path

ROOM = Path(__file__).parents[2] / "iotmock" / "client"
_OPENING = '''"""`Client`, made from `asynchronous/`: its opening says how.

Read `client.py` first. The command line and programs know it.
"""
'''
_WORDS = [
    (r"\basync (def|with|for)\b", r"\1"),
    (r"\bawait ", ""),
    (r"\bAsyncIterator\b", "Iterator"),
    (r"\basynccontextmanager\b", "contextmanager"),
    (r"\b__a(enter|exit)__\b", r"__\1__"),
    (r"\ba(next|close|iter_lines|iter_bytes)\(", r"\1("),
    (r"\bAsync([A-Z])", r"\1"),
    (r"\basynchronous\b", "synchronous"),
]


def translated(text: str) -> str:
    """Return a module of `asynchronous` without its awaits."""
    for pattern, replacement in _WORDS:
        text = re.sub(pattern, replacement, text)
    for how in (["check", "--quiet", "--fix", "--select", "I", "-"], ["format", "-"]):
        ruff = [sys.executable, "-m", "ruff", *how]
        text = subprocess.run(ruff, input=text, capture_output=True, check=True, text=True).stdout
    return text


def made() -> dict[Path, str]:
    """Return what the files of `synchronous` should be."""
    first = _OPENING
    texts = {
        ROOM / "synchronous" / file.name: translated(file.read_text())
        for file in sorted((ROOM / "asynchronous").glob("*.py"))
        if file.name != "__init__.py"
    }
    return {ROOM / "synchronous" / "__init__.py": first, **texts}


if __name__ == "__main__":
    for path, text in made().items():
        path.write_text(text)
