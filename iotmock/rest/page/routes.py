"""The routes of the page."""

import re
from collections.abc import Iterator

import structlog
import trio
from attrs import define, field
from quart import abort, request

from iotmock.rest.http.compression import takes_gzip
from iotmock.rest.http.validators import Conditions
from iotmock.rest.operation import Answer, Operation
from iotmock.web.assets import Asset
from iotmock.web.site import Site, Subject, the_site

log = structlog.get_logger()

_HTML = re.compile(r"text/html(?!\s*;\s*q=0(\.0*)?\s*(,|$))", re.IGNORECASE)
_FOREVER = "public, max-age=31536000, immutable"


@define(eq=False)
class PageRoutes:
    """A browser gets the page at `/`, a program is led to the document of REST."""

    of: Subject = "service"
    _is_said: bool = field(default=False, init=False)

    def operations(self) -> Iterator[Operation]:
        """Yield the row of the table."""
        yield Operation("GET", "/", self.get_root, None, 302, is_open=True)

    async def get_root(self) -> Answer:
        """Go to the page of this document; a browser (`Accept: text/html`) gets the page, 200."""
        accepted = ", ".join(request.headers.getlist("Accept"))
        # A run has no document that a program could be led to.
        if self.of == "service" and not _HTML.search(accepted):
            return Answer(status=302, headers={"Location": "/docs", "Vary": "Accept"})
        site = await trio.to_thread.run_sync(the_site, self.of)
        self._say_once(site)
        return Answer(site.document, media_type="text/html", headers=_headers(site))

    async def get_file(self, name: str) -> Answer:
        """Answer one of the files of the page."""
        site = await trio.to_thread.run_sync(the_site, self.of)
        return _file(site.assets.get(name) or abort(404))

    def _say_once(self, site: Site) -> None:
        if site.why_not and not self._is_said:
            self._is_said = True
            log.warning("the page was not built", reason=site.why_not, fix="make page")


def _headers(site: Site) -> dict[str, str]:
    return {
        "Cache-Control": "no-store",
        "Content-Security-Policy": site.policy,
        "Referrer-Policy": "no-referrer",
        "Vary": "Accept",
        "X-Content-Type-Options": "nosniff",
    }


def _file(asset: Asset) -> Answer:
    headers = {"ETag": asset.tag, "Cache-Control": _FOREVER, "Vary": "Accept-Encoding"}
    headers["X-Content-Type-Options"] = "nosniff"
    if Conditions.of(None, request.headers.get("If-None-Match")).knows(asset.tag):
        return Answer(status=304, headers=headers)
    if not takes_gzip(request.headers.get("Accept-Encoding", "")):
        return Answer(asset.content, media_type=asset.media_type, headers=headers)
    coded = headers | {"Content-Encoding": "gzip"}
    return Answer(asset.packed, media_type=asset.media_type, headers=coded)
