"""What the service serves to a browser: the document, and the files below its digest."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from attrs import frozen

from iotmock.web.assets import Asset, digest_of, read_assets
from iotmock.web.document import not_built, page_of

FOLDER = "/web/"
"""Below it are the files; nothing of REST is."""
_HERE = Path(__file__).parent
_BUILT = "vendor/fetched-for.txt"
_WHY_NOT = Path("vendor/not-built.txt")
_UNKNOWN = "what it needs from npm was not there when iotmock was installed"


@frozen
class Site:
    """`why_not` says why there is no page but a plain document in its place."""

    document: str
    policy: str
    assets: Mapping[str, Asset]
    """By their paths below `FOLDER`."""
    why_not: str | None = None


Subject = Literal["service", "soak"]
"""What the page is about: a service, or a run of a soak while it goes on."""


@cache
def the_site(of: Subject = "service", folder: Path = _HERE) -> Site:
    """Return the site, as it was when it was first asked for."""
    found = read_assets(folder)
    digest = digest_of(found)
    # Below the digest a file never changes: a browser that has it need not ask again.
    assets = {f"{digest}/{name}": asset for name, asset in found.items()}
    root = f"{FOLDER[1:]}{digest}/"
    if _BUILT in found:
        return Site(*page_of(root, found, of), assets)
    why_not = _why_not(folder / _WHY_NOT)
    return Site(*not_built(root, found, why_not), assets, why_not)


def _why_not(told: Path) -> str:
    return told.read_text(encoding="utf-8").strip() if told.is_file() else _UNKNOWN
