"""Where the other pages of a list are (RFC 8288)."""

from collections.abc import Iterator, Mapping
from urllib.parse import urlencode


def links(query: Mapping[str, str], limit: int, offset: int, total: int) -> dict[str, str]:
    """Return the header `Link` of a page: first, prev, next and last, as far as there are such.

    Each is a query alone, which is relative to where the page is, under any path of a proxy.
    """
    pages = _offsets(limit, offset, total)
    rest = {name: value for name, value in query.items() if name not in {"limit", "offset"}}
    return {"Link": ", ".join(_link(rest, limit, at, rel) for rel, at in pages)}


def _offsets(limit: int, offset: int, total: int) -> Iterator[tuple[str, int]]:
    last = max(0, total - 1) // limit * limit
    yield "first", 0
    if offset > 0:
        yield "prev", max(0, min(offset - limit, last))
    if offset + limit < total:
        yield "next", offset + limit
    yield "last", last


def _link(rest: Mapping[str, str], limit: int, offset: int, rel: str) -> str:
    return f'<?{urlencode({**rest, "limit": limit, "offset": offset})}>; rel="{rel}"'
