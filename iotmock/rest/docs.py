"""The document and a page for it, all from this machine: Swagger UI comes with its package."""

from collections.abc import Iterator
from typing import Any

from attrs import define, field
from quart import Response, abort, send_from_directory
from swagger_ui_bundle import swagger_ui_path

from iotmock.rest.operation import Answer, Operation

DOCS_FOLDER = "/docs/"
_FILES = {"swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"}

# The packaged Swagger UI (4.15) shows nothing that does not call itself OpenAPI 3.0, although it
# can draw all that our document has of 3.1. So the page, and only the page, renames it. It also
# does not know where the document came from, to which the server's URL is relative.
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>iotmock</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
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
  spec: {...document, openapi: "3.0.3", servers: [{url: new URL(".", location).href.slice(0, -1)}]},
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


async def send_file(name: str) -> Response:
    """Answer one of the files that the page consists of."""
    if name not in _FILES:
        abort(404)
    return await send_from_directory(swagger_ui_path, name)
