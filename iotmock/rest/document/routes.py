"""The documents and a page for the one of REST; all it needs is served from here, too."""

from collections.abc import Callable, Iterator
from typing import Any

from attrs import define, field

from iotmock.rest.operation import Answer, Operation

# Swagger UI does not know where the document came from, to which the server's URL is relative.
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>iotmock</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
<style>
nav { padding: 0.5rem 1rem; font-family: sans-serif; }
/* All errors are problem details, which are described once, at the top. */
.response:not([data-code^="2"]) :is(.response-controls, .model-example) { display: none; }
</style>
<link rel="icon" href="docs/favicon-32x32.png">
</head>
<body>
<nav>REST · <a href="docs/asyncapi.html">MQTT</a> · <a href="manual">manual</a></nav>
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


Json = dict[str, Any]


@define(eq=False)
class DocsRoutes:
    """What describes the service. `document` is set when every row is known, these included."""

    make_asyncapi: Callable[[], Json]
    document: Json = field(factory=dict)

    def operations(self) -> Iterator[Operation]:
        """Yield the rows of the table."""
        yield Operation("GET", "/openapi.json", self.get_document, Json)
        yield Operation("GET", "/asyncapi.json", self.get_asyncapi, Json)
        yield Operation("GET", "/docs", self.get_page, str, media_type="text/html", is_open=True)

    async def get_document(self) -> Answer:
        """Get this document."""
        return Answer(self.document)

    async def get_asyncapi(self) -> Answer:
        """Get the AsyncAPI 3.0 document: what goes over MQTT, in the dialect in use."""
        return Answer(self.make_asyncapi())

    async def get_page(self) -> Answer:
        """Get a page for this document, with a link to one for AsyncAPI."""
        return Answer(_PAGE)
