"""What is wrong with a template, and where."""


class TemplateError(ValueError):
    """A template can not be used; the text names the file, the line and what is allowed."""


def refused(file: str, source: str, needle: str, reason: str) -> TemplateError:
    """Return the error about a piece of a file; the line is the first that has the piece in it."""
    line = next((n for n, text in enumerate(source.splitlines(), 1) if needle in text), None)
    where = f"{file}, line {line}" if line and needle else file
    shown = needle if len(needle) <= 120 else f"{needle[:120]}..."
    return TemplateError(f"{where}: {shown!r} {reason}" if needle else f"{where}: {reason}")
