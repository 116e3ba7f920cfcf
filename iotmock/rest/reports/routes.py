"""The routes of reports."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import msgspec
import trio
from attrs import field, frozen
from msgspec import Meta
from quart import abort

from iotmock.rest.operation import Answer, Operation
from iotmock.rest.reports.found import ReportInfo, page_in, reports_in

_LONGEST = 1_000
_OF_A_REPORT = {
    # It has scripts and styles of its own, and whoever wrote the file may have put anything there.
    "Content-Security-Policy": (
        "sandbox allow-scripts allow-downloads; default-src 'none'; img-src data:; "
        "script-src 'unsafe-inline'; style-src 'unsafe-inline'"
    ),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


class ReportList(msgspec.Struct, frozen=True):
    """The reports, the newest first; `folder` is REPORTS_DIR, null where none is set."""

    folder: str | None
    reports: list[ReportInfo]


class ReportQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which run."""

    run: Annotated[
        str, Meta(min_length=1, max_length=_LONGEST, description="as the list of reports has it")
    ]


@frozen
class ReportRoutes:
    """What `iotmock soak` has left in REPORTS_DIR."""

    folder: Path | None
    _one: trio.CapacityLimiter = field(factory=lambda: trio.CapacityLimiter(1))
    """To look through a large folder takes a second of CPU: nobody gets more than one at a time."""

    def operations(self) -> Iterator[Operation]:
        """Yield the rows of the table."""
        yield Operation("GET", "/api/v1/reports", self.list_reports, ReportList)
        yield Operation(
            "GET",
            "/reports",
            self.get_report,
            str,
            query=ReportQuery,
            media_type="text/html",
            problems=(404,),
        )

    async def list_reports(self) -> Answer:
        """List the reports of soaks below REPORTS_DIR, the newest first."""
        if self.folder is None:
            return Answer(ReportList(None, []))
        found = await trio.to_thread.run_sync(reports_in, self.folder, limiter=self._one)
        return Answer(ReportList(str(self.folder), found))

    async def get_report(self, query: ReportQuery) -> Answer:
        """Get the page of a report, `report.html`."""
        page = None
        if self.folder is not None:
            page = await trio.to_thread.run_sync(page_in, self.folder, query.run)
        if page is None:
            abort(404)
        return Answer(page, headers=_OF_A_REPORT)
