"""Commands for many, at services with and without a request for that."""

import json
from contextlib import AbstractContextManager
from typing import Any

import pytest

from tests.client.http_server import Handler, listening
from tests.line import Line

IDS = ["roof-1", "roof-2", "roof-3"]
MANY = "/api/v1/devices/command"


def result(device_id: str) -> dict[str, Any]:
    return {"device_id": device_id, "command": "reboot", "status": "applied", "timestamp": "now"}


def a_service(*, has_many: bool, asked: list[str]) -> AbstractContextManager[str]:
    class Service(Handler):
        def do_GET(self) -> None:  # noqa: N802 - so named by its base
            devices = [{"device_id": device_id} for device_id in IDS]
            self.answer_json(200, {"devices": devices, "total": len(IDS)})

        def do_POST(self) -> None:  # noqa: N802 - so named by its base
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append(self.path)
            if self.path != MANY:
                self.answer_json(200, result(self.path.split("/")[-2]))
            elif has_many:
                done = body["selector"]["ids"][:0:-1]  # as they were done, the first one failed
                failures = [{"device_id": IDS[0], "reason": "it is busy"}]
                results = [result(one) for one in done]
                self.answer_json(200, {"results": results, "failures": failures})
            else:
                self.answer_json(405, {"title": "Method Not Allowed", "detail": "only GET"})

        def answer_json(self, status: int, content: object) -> None:
            self.answer(status, json.dumps(content).encode())

    return listening(Service)


def test_a_newer_service_is_asked_once_and_its_results_are_put_in_order(lost_line: Line) -> None:
    asked: list[str] = []
    with a_service(has_many=True, asked=asked) as url:
        code, output, _ = lost_line.having(IOTMOCK_URL=url)("send", "roof-*", "reboot")
    assert asked == [MANY]
    assert code == 1
    assert output.splitlines() == [
        "roof-1: reboot rejected: it is busy",
        "roof-2: reboot applied",
        "roof-3: reboot applied",
    ]


@pytest.mark.parametrize("pattern", ["*", "roof-*"])
def test_an_older_service_is_asked_for_one_after_the_other(lost_line: Line, pattern: str) -> None:
    asked: list[str] = []
    with a_service(has_many=False, asked=asked) as url:
        output = lost_line.having(IOTMOCK_URL=url).says("send", pattern, "reboot")
    assert asked == [MANY, *(f"/api/v1/devices/{device_id}/command" for device_id in IDS)]
    assert output.splitlines() == [f"{device_id}: reboot applied" for device_id in IDS]
