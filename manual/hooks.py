"""What MkDocs asks of us while it builds: pages as they are for it, and what the code knows."""

import re
from typing import Any

from manual.reference.sections import section_of

_OUTSIDE = re.compile(r"\[([^\]]+)\]\((?:\.\./)+(?:tests|examples|deploy)[^)]*\)")
"""A link to what is in the source and not among the pages."""
_UNPROMPTED = re.compile(r"^```console\n(?!\$ )", re.MULTILINE)
"""A console without prompts, which would be coloured as what it says and not as what is typed."""
_NAMED = re.compile(r"(?<![`/\w(\[])docs/([\w-]+/[\w-]+\.md)")
"""A page, as texts of the code name it."""


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """Return a page's text, with what the code knows about its subject at the end."""
    text = _UNPROMPTED.sub("```sh\n", _OUTSIDE.sub(r"`\1`", markdown))
    return text + _NAMED.sub(r"[\1](../\1)", section_of(page.file.src_uri))
