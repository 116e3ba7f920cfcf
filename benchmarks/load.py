"""Load on an HTTP server: `wrk` where it is installed, else `HttpLoop`."""

import shutil
import subprocess
from pathlib import Path
from statistics import quantiles

import h11
import msgspec
import trio
from attrs import frozen

from benchmarks.http_loop import HttpLoop

CONNECTIONS = 8
SECONDS = 3
_HAS_WRK = shutil.which("wrk") is not None
TOOL = "`wrk -t1`" if _HAS_WRK else "a loop on trio and h11 (wrk is not installed)"
_SCRIPT = Path(__file__).with_name("wrk.lua")


@frozen
class Call:
    """A request to repeat; with a body it is JSON."""

    method: str
    path: str
    body: str | None = None


class Answers(msgspec.Struct, frozen=True):
    """What came back; `errors` are statuses from 400 on and everything that failed."""

    requests: int
    seconds: float
    p99_ms: float
    errors: int


def load(host: str, port: int, call: Call) -> Answers:
    """Repeat a request over 8 connections that stay open, for 3 s."""
    return (_wrk if _HAS_WRK else _loop)(host, port, call)


def _wrk(host: str, port: int, call: Call) -> Answers:
    url = f"http://{host}:{port}{call.path}"
    body = [] if call.body is None else [call.body]
    command = [
        "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-s", str(_SCRIPT), url, "--",
        call.method, *body,
    ]  # fmt: skip
    printed = subprocess.run(command, check=True, capture_output=True).stdout
    return msgspec.json.decode(printed.splitlines()[-1], type=Answers)


def _loop(host: str, port: int, call: Call) -> Answers:
    body = (call.body or "").encode()
    headers = [("Host", host), ("Content-Length", str(len(body)))]
    if body:
        headers.append(("Content-Type", "application/json"))
    request = h11.Request(method=call.method, target=call.path, headers=headers)
    loop = HttpLoop(host, port, request, body)
    trio.run(loop.run, CONNECTIONS, SECONDS)
    p99_ms = quantiles(loop.took_s, n=100)[98] * 1e3
    return Answers(len(loop.took_s), SECONDS, p99_ms, loop.errors)
