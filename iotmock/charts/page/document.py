"""A page in one file: own style and script, no network, the colours of the reader's choice."""

from collections.abc import Iterable
from html import escape

from iotmock.charts.page.assets import fingerprint, script, style


def document(title: str, heading: str, body: Iterable[str], own_style: str = "") -> str:
    """Return the HTML of a page; `heading` and `body` are HTML, `own_style` comes after ours.

    Only our own script and style run, whatever names stand in the page, and nothing is loaded.
    """
    look, run = style() + own_style, script()
    policy = (
        f"default-src 'none'; style-src {fingerprint(look)}; script-src {fingerprint(run)}; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f"<title>{escape(title)}</title>"
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<style>{look}</style></head><body><main>"
        f"{heading}{''.join(body)}</main>"
        f'<script type="module">{run}</script></body></html>\n'
    )


def section(title: str, content: str, name: str = "", note: str = "") -> str:
    """Return a card with a heading, to which `#name` leads; `content` and `note` are HTML."""
    place = f' id="{name}"' if name else ""
    said = f'<p class="note">{note}</p>' if note else ""
    return f"<section{place}><h2>{escape(title)}</h2>{said}{content}</section>"


def tiles(facts: Iterable[tuple[str, str]]) -> str:
    """Return a row of figures, each with what it says."""
    cards = (
        f'<div class="tile"><b>{escape(fact)}</b><span>{escape(what)}</span></div>'
        for fact, what in facts
    )
    return f'<div class="tiles">{"".join(cards)}</div>'


HINT = (
    '<p class="hint">Point at a chart to read it. Drag over it, or turn the wheel with Ctrl, to '
    "look closer; double-click to see all again. With the keyboard: Tab, arrows, + and -, 0.</p>"
)
"""Shown where the script runs."""
