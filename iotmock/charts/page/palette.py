"""The colours, light and dark: each line is told from the others by colour and by its dashes."""

from attrs import frozen

LINES = 8
"""How many lines a chart can tell apart."""
SHADES = 9


@frozen
class Palette:
    """Colours of one mode. Text and signs have a contrast of 4.5:1, lines of 3:1 at least.

    Source: WCAG 2.2, 1.4.3 and 1.4.11.
    """

    page: str
    card: str
    ink: str
    soft: str
    grid: str
    edge: str
    lines: tuple[str, ...]
    limit: str
    good: str
    bad: str
    doubt: str
    shades: tuple[str, ...]

    def css(self) -> str:
        """Return them as custom properties."""
        named = {name: getattr(self, name) for name in _NAMES}
        named |= {f"c{at}": colour for at, colour in enumerate(self.lines)}
        named |= {f"s{at}": colour for at, colour in enumerate(self.shades)}
        return "".join(f"--{name}:{colour};" for name, colour in named.items())


_NAMES = ("page", "card", "ink", "soft", "grid", "edge", "limit", "good", "bad", "doubt")

LIGHT = Palette(
    page="#f7f7f5", card="#ffffff", ink="#1c1c1a", soft="#5f5e59", grid="#e6e5df", edge="#8a8982",
    lines=(
        "#1f5fa8", "#b4500f", "#2a7a3b", "#7b3fa0", "#0b7a75", "#a8326f", "#6b5a16", "#55545a",
    ),
    limit="#b3261e", good="#2c7a4b", bad="#b3362b", doubt="#7d5a0c",
    shades=(
        "#f1f5fa", "#dbe7f3", "#c0d6ea", "#9fc1df", "#79a8d1", "#538dc0", "#3573ab", "#215a91",
        "#123f6d",
    ),
)  # fmt: skip
DARK = Palette(
    page="#161615", card="#1f1f1d", ink="#ecebe6", soft="#a8a79f", grid="#34332f", edge="#7d7c75",
    lines=(
        "#6aa9e6", "#e8a066", "#6fc48a", "#c39be6", "#5cc9c2", "#ee8fbb", "#d3bf5e", "#b6b5bd",
    ),
    limit="#ff8a80", good="#63c08a", bad="#f08578", doubt="#dcb15a",
    shades=(
        "#22262b", "#22303f", "#233d55", "#264c6d", "#2d5f8a", "#3a75a8", "#528fc4", "#79addc",
        "#abd0f1",
    ),
)  # fmt: skip

DASHES = ("", "7 4", "2 3", "10 3 2 3", "4 2", "12 4", "1 4", "8 2 2 2 2 2")
"""Of each line, in px; the first is whole."""


def colours() -> str:
    """Return the CSS of both palettes, and of the lines and shades that have them."""
    dark = f"@media screen and (prefers-color-scheme:dark){{:root{{{DARK.css()}}}}}"
    lines = "".join(_line(at, dash) for at, dash in enumerate(DASHES))
    shades = "".join(f".s{at}{{fill:var(--s{at});background:var(--s{at})}}" for at in range(SHADES))
    return f":root{{color-scheme:light dark;{LIGHT.css()}}}{dark}{lines}{shades}"


def _line(at: int, dash: str) -> str:
    dashes = f"stroke-dasharray:{dash};" if dash else ""
    return f".c{at}{{{dashes}--own:var(--c{at})}}"
