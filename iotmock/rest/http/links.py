"""Where the other pages of a list are (RFC 8288)."""

from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

_LONGEST = 3_000
"""Characters: nginx answers 502 where all headers together have more than 4 kB."""
_LEAST_MISSED = ("last", "first", "prev", "next")


def links(query: Mapping[str, str], limit: int, offset: int, total: int) -> dict[str, str]:
    """Return the header `Link` of a page: first, prev, next and last, as far as there are such.

    Each is a query alone, which is relative to where the page is, under any path of a proxy. Of a
    long query it has fewer, `next` to the last.
    """
    rest = {name: value for name, value in query.items() if name not in {"limit", "offset"}}
    pages = {rel: _link(rest, limit, at, rel) for rel, at in _offsets(limit, offset, total)}
    for rel in _LEAST_MISSED:
        if sum(map(len, pages.values())) <= _LONGEST:
            break
        pages.pop(rel, None)
    return {"Link": ", ".join(pages.values())} if pages else {}


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
