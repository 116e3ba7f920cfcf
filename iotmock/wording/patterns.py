"""Patterns that mean the same to Python and to JSON Schema."""


def whole(pattern: str) -> str:
    """Return the pattern of a text that is all of it.

    To JSON Schema (ECMA-262) `$` is the end; Python's stands before a last line break too.
    """
    return rf"^(?:{pattern})$(?!\n)"
