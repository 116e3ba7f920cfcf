"""The one document of the page, and the policy that it is under (Content Security Policy)."""

import json
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from html import escape

_MAPPED = {
    "preact": "vendor/preact.js",
    "preact/hooks": "vendor/preact-hooks.js",
    "htm": "vendor/htm.js",
    "uplot": "vendor/uplot.js",
}
_STYLES = "vendor/uplot.css"
_POLICY = (
    "default-src 'none'; script-src 'self'{scripts}; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_DOCUMENT = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>iotmock</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="{root}icon.svg">
{links}
{scripts}
</head>
<body>
{body}
</body>
</html>
"""
_STARTS = """<div id="page" data-of="{of}"><p class="starting">The page starts…</p></div>
<noscript><p class="starting">This page needs JavaScript. The service does not:
<a href="docs">what it offers to programs</a>.</p></noscript>"""
_NOT_BUILT = """<main class="plain">
<h1>iotmock runs; its page was not built</h1>
<p>{reason}</p>
<p>To build it, where npm's registry can be reached:</p>
<pre>make page</pre>
<p>or, without a checkout, <code>pip install --force-reinstall --no-deps</code> of the source.
Everything else is here: <a href="docs">what the service offers to programs</a>,
<a href="health">its health</a>.</p>
</main>"""


def page_of(root: str, names: Iterable[str], of: str) -> tuple[str, str]:
    """Return the document and its policy.

    `root` is where the files lie, `names` which there are, `of` what it is about. All modules are
    named, so that a browser asks for them at once and not one after the other.
    """
    imports = json.dumps({"imports": {name: f"./{root}{at}" for name, at in _MAPPED.items()}})
    modules = [name for name in names if name.endswith(".js")]
    scripts = [f'<script type="importmap">{imports}</script>']
    scripts += [f'<link rel="modulepreload" href="{root}{name}">' for name in modules]
    scripts += [f'<script type="module" src="{root}main.js"></script>']
    text = _filled(root, names, "\n".join(scripts), _STARTS.format(of=of))
    return text, _POLICY.format(scripts=f" '{_hash(imports)}'")


def not_built(root: str, names: Iterable[str], reason: str) -> tuple[str, str]:
    """Return what stands in for the page, and its policy; `reason` is why it is not there."""
    told = _NOT_BUILT.format(reason=escape(reason[:1].upper() + reason[1:]))
    return _filled(root, names, "", told), _POLICY.format(scripts="")


def _filled(root: str, names: Iterable[str], scripts: str, body: str) -> str:
    styles = sorted((name for name in names if name.endswith(".css")), key=_STYLES.__ne__)
    links = "\n".join(f'<link rel="stylesheet" href="{root}{name}">' for name in styles)
    return _DOCUMENT.format(root=root, links=links, scripts=scripts, body=body)


def _hash(script: str) -> str:
    return f"sha256-{b64encode(sha256(script.encode()).digest()).decode()}"
