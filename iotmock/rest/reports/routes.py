"""The routes of reports."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import msgspec
import trio
from attrs import field, frozen
from msgspec import Meta
from quart import abort

from iotmock.rest.intake.bodies import JSON
from iotmock.rest.operation import Answer, Operation
from iotmock.rest.reports.found import ReportInfo, file_in, is_run, reports_in

_LONGEST = 1_000
_PAGE = "report.html"
FILES = {_PAGE: "text/html; charset=utf-8", "report.json": JSON, "junit.xml": "application/xml"}
"""What a report consists of, and nothing else of its folder is given."""
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
        path, at = "/reports/<path:run>/<report_file>", self.get_report_file
        yield Operation(
            "GET", "/reports", self.get_report, None, 302, query=ReportQuery, problems=(404,)
        )
        yield Operation("GET", path, at, str, media_type="text/html")

    async def list_reports(self) -> Answer:
        """List the reports of soaks below REPORTS_DIR, the newest first."""
        if self.folder is None:
            return Answer(ReportList(None, []))
        found = await trio.to_thread.run_sync(reports_in, self.folder, limiter=self._one)
        return Answer(ReportList(str(self.folder), found))

    async def get_report(self, query: ReportQuery) -> Answer:
        """Go to the page of a report, from which its other files are reached."""
        run = query.run
        if self.folder is None or not await trio.to_thread.run_sync(is_run, self.folder, run):
            abort(404)
        return Answer(status=302, headers={"Location": f"/reports/{quote(run)}/{_PAGE}"})

    async def get_report_file(self, run: str, report_file: str) -> Answer:
        """Get a file of a report: `report.html`, or the figures as `report.json`, `junit.xml`."""
        content = None
        if self.folder is not None and report_file in FILES:
            content = await trio.to_thread.run_sync(file_in, self.folder, run, report_file)
        if content is None:
            abort(404)
        return Answer(content, headers=_OF_A_REPORT, media_type=FILES[report_file])
