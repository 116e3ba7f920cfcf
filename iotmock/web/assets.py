"""The files of the page as a browser gets them: read once, compressed once."""

import gzip
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

from attrs import frozen

_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}


@frozen
class Asset:
    """A file, what it is, and its entity tag; `packed` is it as gzip."""

    content: bytes
    packed: bytes
    media_type: str
    tag: str


def read_assets(folder: Path) -> dict[str, Asset]:
    """Return the files below a folder, by their paths with `/`."""
    return {name: _asset(path) for name, path in sorted(_files(folder))}


def digest_of(assets: dict[str, Asset]) -> str:
    """Return what stands for all of them: it changes with any."""
    told = "".join(f"{name}{asset.tag}" for name, asset in assets.items())
    return _digest(told.encode())


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in folder.rglob("*"):
        if path.suffix in _TYPES:
            yield path.relative_to(folder).as_posix(), path


def _asset(path: Path) -> Asset:
    content = path.read_bytes()
    packed = gzip.compress(content, 9, mtime=0)
    return Asset(content, packed, _TYPES[path.suffix], f'"{_digest(content)}"')


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=9).hexdigest()
