"""What went wrong, out of the groups that nurseries put around it."""

import traceback


def innermost(error: BaseException) -> BaseException:
    """Return the first error in a group of groups that is none, or `error` itself."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def place(error: BaseException) -> str:
    """Return where it was raised, as `file:line`."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else "?"
