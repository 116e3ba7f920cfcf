"""The document and a page for it, all from this machine: Swagger UI comes with its package."""

from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import trio
from attrs import define, field
from quart import abort

from iotmock.rest.operation import Answer, Operation

DOCS_FOLDER = "/docs/"
_FILES = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "favicon-32x32.png": "image/png",
}

# Swagger UI does not know where the document came from, to which the server's URL is relative.
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>iotmock</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
<style>
/* All errors are problem details, which are described once, at the top. */
.response:not([data-code^="2"]) :is(.response-controls, .model-example) { display: none; }
</style>
<link rel="icon" href="docs/favicon-32x32.png">
</head>
<body>
<div id="page"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script>
let token = "";
const withToken = (headers) => token ? {...headers, Authorization: `Bearer ${token}`} : headers;
const load = async () => {
  const answer = await fetch("openapi.json", {headers: withToken({})});
  const asked = answer.status === 401 && (token = prompt("API_TOKEN") || "");
  return asked ? load() : answer.json();
};
load().then((document) => SwaggerUIBundle({
  spec: {...document, servers: [{url: new URL(".", location).href.slice(0, -1)}]},
  dom_id: "#page", validatorUrl: null, deepLinking: true,
  requestInterceptor: (request) => ({...request, headers: withToken(request.headers)}),
}));
</script>
</body>
</html>
"""


@define(eq=False)
class DocsRoutes:
    """What describes the service. `document` is set when every row is known, these included."""

    document: dict[str, Any] = field(factory=dict)

    def operations(self) -> Iterator[Operation]:
        """Yield the rows of the table."""
        yield Operation("GET", "/openapi.json", self.get_document, dict[str, Any])
        yield Operation("GET", "/docs", self.get_page, str, media_type="text/html", is_open=True)

    async def get_document(self) -> Answer:
        """Get this document."""
        return Answer(self.document)

    async def get_page(self) -> Answer:
        """Get a page for this document."""
        return Answer(_PAGE)


async def send_file(name: str) -> Answer:
    """Answer one of the files that the page consists of."""
    if name not in _FILES:
        abort(404)
    content = await trio.to_thread.run_sync(_read, name)
    return Answer(content, media_type=_FILES[name], headers={"Cache-Control": "max-age=3600"})


@cache
def _read(name: str) -> bytes:
    # Found and not imported: the package would bring a web framework of its own with it.
    package = find_spec("flask_swagger_ui")
    folder = package.submodule_search_locations if package else None
    if not folder:
        abort(404)
    return (Path(folder[0]) / "dist" / name).read_bytes()
