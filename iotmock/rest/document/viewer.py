"""The page that shows the AsyncAPI document: asyncapi-viewer, and a script that gives it to it.

The viewer would fetch the document itself, and could not show a token.
"""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>iotmock over MQTT</title>
<link rel="stylesheet" href="asyncapi.css">
<link rel="icon" href="favicon-32x32.png">
<script type="module" src="asyncapi-viewer.js"></script>
<script type="module" src="asyncapi.js"></script>
</head>
<body>
<nav><a href="../docs">REST</a> <b>MQTT</b> <a href="../asyncapi.json">asyncapi.json</a>
<a href="../manual">manual</a></nav>
</body>
</html>
"""

STYLE = """body { margin: 0; font-family: system-ui, sans-serif; }
nav { padding: 0.5rem 1rem; display: flex; gap: 1rem; }
"""

SCRIPT = """let token = "";
const load = async () => {
  const headers = token ? {Authorization: `Bearer ${token}`} : {};
  const answer = await fetch("../asyncapi.json", {headers});
  const asked = answer.status === 401 && (token = prompt("API_TOKEN") || "");
  return asked ? load() : answer.blob();
};
const viewer = document.createElement("asyncapi-viewer");
viewer.setAttribute("sidebar", "");
viewer.setAttribute("src", URL.createObjectURL(await load()));
document.body.append(viewer);
"""
