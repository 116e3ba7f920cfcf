"""What axe-core finds on a page."""

from playwright.sync_api import Page

from tests.web.node import modules

_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}


def violations(page: Page) -> list[str]:
    """Return what some people could not use."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate((modules() / "axe-core/axe.min.js").read_text())
    found = page.evaluate("(rules) => axe.run(document, rules)", _RULES)["violations"]
    return [
        f"{one['id']}: {one['help']}: {node['html'][:200]}"
        for one in found
        for node in one["nodes"]
    ]
