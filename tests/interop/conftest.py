"""The table of what every broker can do, printed when the tests have filled it."""

import pytest

from tests.interop.table import ROWS, as_table


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if ROWS:
        terminalreporter.write_line("")
        for line in as_table(ROWS):
            terminalreporter.write_line(line)
