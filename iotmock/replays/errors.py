"""What is wrong with a file that is to be replayed."""

from pathlib import Path

from iotmock.wording.quoted import quoted


class ReplayFileError(Exception):
    """A file of the folder of series can not be replayed, or there is no such folder."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{quoted(str(path))}: {reason}")
        self.path, self.reason = path, reason


class RowError(Exception):
    """A row is not in order; `row` counts the header as 1, as editors do."""

    def __init__(self, row: int, reason: str) -> None:
        super().__init__(f"row {row:,} {reason}")
