"""What MkDocs asks of us while it builds: pages as they are for it, and what the code knows."""

import re
from typing import Any

from manual.reference.sections import section_of

_AS_OF_A_SITE = (
    # What is in the source and not among the pages can not be led to.
    (re.compile(r"\[([^\]]+)\]\((?:\.\./)+(?:tests|examples|deploy)[^)]*\)"), r"`\1`"),
    # A site has pages and no files.
    (re.compile(r"\[([\w-]+)\.md\]\("), r"[\1]("),
    # A console without prompts would be coloured as what it says and not as what is typed.
    (re.compile(r"^```console\n(?!\$ )", re.MULTILINE), "```sh\n"),
)
_PAGE = re.compile(r"(?<![`/\w(\[])docs/([\w-]+/[\w-]+)\.md")
"""A page, as texts of the code name it."""


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """Return a page's text, with what the code knows about its subject at the end."""
    for as_in_source, as_of_a_site in _AS_OF_A_SITE:
        markdown = as_in_source.sub(as_of_a_site, markdown)
    return markdown + _PAGE.sub(r"[\1](../\1.md)", section_of(page.file.src_uri))
