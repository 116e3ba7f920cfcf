"""The files below /docs/: of installed packages, found and not imported, and a page of our own."""

from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import trio
from attrs import frozen
from quart import abort

from iotmock.rest.document import viewer
from iotmock.rest.operation import Answer

DOCS_FOLDER = "/docs/"


@frozen
class _Packaged:
    """A file of a package. To import that would bring a web framework or an editor's plugin."""

    package: str
    path: str
    media_type: str

    def read(self) -> bytes:
        package = find_spec(self.package)
        folder = package.submodule_search_locations if package else None
        if not folder:
            abort(404)
        return (Path(folder[0]) / self.path).read_bytes()


@frozen
class _Own:
    """A text of ours."""

    text: str
    media_type: str

    def read(self) -> bytes:
        return self.text.encode()


def _swagger(name: str, media_type: str) -> _Packaged:
    return _Packaged("flask_swagger_ui", f"dist/{name}", media_type)


_FILES: Mapping[str, _Packaged | _Own] = {
    "swagger-ui.css": _swagger("swagger-ui.css", "text/css"),
    "swagger-ui-bundle.js": _swagger("swagger-ui-bundle.js", "text/javascript"),
    "favicon-32x32.png": _swagger("favicon-32x32.png", "image/png"),
    "asyncapi-viewer.js": _Packaged(
        "asyncapi_viewer", "static/asyncapi-viewer.js", "text/javascript"
    ),
    "asyncapi.html": _Own(viewer.PAGE, "text/html"),
    "asyncapi.css": _Own(viewer.STYLE, "text/css"),
    "asyncapi.js": _Own(viewer.SCRIPT, "text/javascript"),
}


async def send_file(name: str) -> Answer:
    """Answer one of the files."""
    file = _FILES.get(name) or abort(404)
    content = await trio.to_thread.run_sync(_read, name)
    headers = {"Cache-Control": "max-age=3600", "X-Content-Type-Options": "nosniff"}
    if file.media_type == "text/html":
        headers["Content-Security-Policy"] = viewer.POLICY
    return Answer(content, media_type=file.media_type, headers=headers)


@cache
def _read(name: str) -> bytes:
    return _FILES[name].read()
