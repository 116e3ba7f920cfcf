"""A page in one file: no script, no font, no network, in the colours of the reader's choice."""

from collections.abc import Iterable
from html import escape

STYLE = """
:root{--page:#f7f7f5;--card:#fff;--ink:#1c1c1a;--soft:#6b6a65;--grid:#e6e5df;--line:#2563a8;
--band:#2563a833;--other:#c2622d;--s0:#f1f5fa;--s1:#dbe7f3;--s2:#c0d6ea;--s3:#9fc1df;--s4:#79a8d1;
--s5:#538dc0;--s6:#3573ab;--s7:#215a91;--s8:#123f6d}
@media(prefers-color-scheme:dark){:root{--page:#161615;--card:#1f1f1d;--ink:#ecebe6;--soft:#9c9b94;
--grid:#34332f;--line:#6aa9e6;--band:#6aa9e633;--other:#e39a66;--s0:#22262b;--s1:#22303f;--s2:#233d55;
--s3:#264c6d;--s4:#2d5f8a;--s5:#3a75a8;--s6:#528fc4;--s7:#79addc;--s8:#abd0f1}}
*{box-sizing:border-box}body{margin:0;background:var(--page);color:var(--ink);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:1120px;margin:0 auto;padding:28px 20px 48px}h1{font-size:24px;margin:0}
.when{color:var(--soft);margin:2px 0 20px}h2{font-size:15px;margin:0 0 6px;font-weight:600}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px}
.tile,section{background:var(--card);border:1px solid var(--grid);border-radius:10px}
.tile{padding:12px 16px}.tile b{display:block;font-size:22px;font-weight:600}
.tile span{color:var(--soft);font-size:13px}section{padding:16px 18px 10px;margin-top:14px}
svg{width:100%;height:auto;display:block}text{fill:var(--soft);font-size:12px}
.value{text-anchor:end}.label{text-anchor:middle}.grid{stroke:var(--grid)}
polyline{fill:none;stroke:var(--line);stroke-width:1.4;stroke-linejoin:round}
.other{stroke:var(--other)}.band{fill:var(--band)}.key{color:var(--soft);font-size:13px;margin:0}
.key i{display:inline-block;width:18px;height:3px;border-radius:2px;margin:0 6px 3px 0;
vertical-align:middle;background:var(--line)}.key i.second{background:var(--other);margin-left:16px}
""" + "".join(f".s{shade}{{fill:var(--s{shade})}}" for shade in range(9))


def document(title: str, heading: str, body: Iterable[str], style: str = "") -> str:
    """Return the HTML of a page; `heading` and `body` are HTML, `style` comes after our own."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<style>{STYLE}{style}</style></head><body><main>"
        f"{heading}{''.join(body)}</main></body></html>\n"
    )


def section(title: str, content: str, key: str = "") -> str:
    """Return a card with a heading; all but the title is HTML."""
    return f"<section><h2>{escape(title)}</h2>{key}{content}</section>"


def tiles(facts: Iterable[tuple[str, str]]) -> str:
    """Return a row of figures, each with what it says."""
    cards = (
        f'<div class="tile"><b>{escape(fact)}</b><span>{escape(what)}</span></div>'
        for fact, what in facts
    )
    return f'<div class="tiles">{"".join(cards)}</div>'
