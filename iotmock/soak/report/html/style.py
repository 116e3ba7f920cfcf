"""What the pages of a soak look like, beyond what all pages have in common."""

STYLE = """
.verdict{border-left:6px solid;border-radius:10px;padding:14px 18px;margin:0 0 14px;
background:var(--card)}.verdict b{font-size:20px}.verdict ul{margin:6px 0 0;padding-left:20px}
.verdict p{margin:0;color:var(--ink)}.verdict li{color:var(--ink)}
.passed,.better{color:var(--good)}.failed,.worse{color:var(--bad)}
.invalid,.interrupted{color:var(--doubt)}
.facts{display:grid;grid-template-columns:max-content 1fr;gap:2px 14px;margin:-12px 0 18px;
font-size:13px}.facts dt{color:var(--soft)}.facts dd{margin:0;overflow-wrap:anywhere}
.counts{columns:3 220px;column-gap:36px;list-style:none;margin:0 0 8px;padding:0;font-size:14px}
.counts b{float:right;font-weight:400;font-variant-numeric:tabular-nums}
.counts li{border-bottom:1px solid var(--grid);padding:3px 0;break-inside:avoid}
pre{overflow-x:auto;font-size:12px}
"""
