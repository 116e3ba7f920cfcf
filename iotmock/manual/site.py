"""What of the site the service serves: its files by name, and what each page may run."""

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from attrs import frozen

FOLDER = Path(__file__).parent / "built"
"""Not in the repository; in a wheel, if it was there when that was built."""
FIRST = "index.html"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
}
_INLINE = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
_POLICY = (
    "default-src 'none'; script-src 'self'{scripts}; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


@frozen
class Part:
    """A file of the site; `policy` is a page's (Content Security Policy)."""

    content: bytes
    media_type: str
    policy: str | None = None


def is_built() -> bool:
    """Whether there is a site."""
    return (FOLDER / FIRST).is_file()


def read_part(name: str) -> Part | None:
    """Return a file by its path with `/`; nothing where there is none."""
    path = _parts().get(name)
    if path is None:
        return None
    content = path.read_bytes()
    policy = _policy_of(content) if path.suffix == ".html" else None
    return Part(content, _TYPES[path.suffix], policy)


def _parts() -> dict[str, Path]:
    """Return those that there are: a name that a client says leads nowhere else."""
    found = (path for path in FOLDER.rglob("*") if path.suffix in _TYPES)
    return {path.relative_to(FOLDER).as_posix(): path for path in found}


def _policy_of(page: bytes) -> str:
    """Let the scripts run that the page was built with, and no other."""
    hashes = (b64encode(sha256(script).digest()).decode() for script in _INLINE.findall(page))
    return _POLICY.format(scripts="".join(f" 'sha256-{one}'" for one in hashes))
