"""The table of what every broker can do, printed when the tests have filled it."""

import pytest

from tests.interop.table import ROW, Row, as_table


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    # By the reports, which come here from other processes too.
    passed = terminalreporter.stats.get("passed", [])
    rows = [Row(*value) for one in passed for name, value in one.user_properties if name == ROW]
    if rows:
        terminalreporter.write_line("")
        for line in as_table(rows):
            terminalreporter.write_line(line)
