"""Host, origin and token, as pure functions of what a request says."""

import pytest

from iotmock.rest.gate.gate import Gate
from iotmock.rest.gate.hosts import KnownHosts
from iotmock.rest.gate.knock import Knock
from iotmock.rest.gate.origins import KnownOrigins
from iotmock.rest.gate.token import Token
from iotmock.rest.handle.idempotency import REPLAYED

HOSTS = KnownHosts(("My-Machine.corp.example", "sim.example."))
PAGES = ("https://app.example", "http://grafana.lan:3000", "http://[fd00::7]:3000")
GATE = Gate(HOSTS, KnownOrigins(PAGES))
SECRET = "s3cret-token"
LOCKED = Gate(HOSTS, KnownOrigins(PAGES), Token(SECRET))


def knock(
    *headers: tuple[str, str], method: str = "GET", target: str = "/x", is_open: bool = False
) -> Knock:
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    scope = {"headers": raw, "raw_path": target.encode(), "method": method}
    return Knock.of(scope, is_open=is_open)


def status(gate: Gate, asked: Knock) -> int:
    verdict = gate.judge(asked)
    if verdict is None:
        return 200
    return 204 if verdict.problem is None else verdict.problem.status


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.0.0.1:8090", "10.1.2.3:80", "[::1]", "[::1]:8090", "[FD00::7]:1",
        "localhost", "localhost:8090", "LOCALHOST:8090", "localhost.", "localhost.:8090",
        "iot-mock:8090", "iot_mock", "app.localhost", "printer.local:8090", "printer.local.",
        "my-machine.corp.example", "MY-MACHINE.CORP.EXAMPLE.:8090", "sim.example", "localhost:",
    ],
)  # fmt: skip
def test_a_host_that_no_dns_can_turn_into_us_is_served(host: str) -> None:
    assert status(GATE, knock(("host", host))) == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "evil.example:8090", "EVIL.example.", "127.0.0.1.evil.example", "1.2.3",
        "localhost.evil.example", "evil-localhost.example", "notlocal.xlocal",
        "sim.example.evil.io", "x.sim.example", "127.0.0.1.nip.io:8090", "0x7f.0.0.1", "256.0.0.1",
    ],
)  # fmt: skip
def test_another_host_is_421_and_told_what_to_set(host: str) -> None:
    verdict = GATE.judge(knock(("host", host)))
    assert verdict is not None
    assert verdict.problem is not None
    assert verdict.problem.status == 421
    name = host.lower().partition(":")[0].rstrip(".")
    assert f"HTTP_ALLOWED_HOSTS={name}" in verdict.problem.detail


@pytest.mark.parametrize(
    "host",
    [
        "", ":8090", "localhost@evil.example", "user:pass@localhost", "localhost:80:80", "[::1",
        "::1", "[1.2.3]", "[]", "localhost:0", "localhost:65536", "localhost:-1", "a..b", ".",
        ".local", "localhost/evil", "local host", "localhost, evil.example", "l\xf6calhost",
        "localhost#", "localhost?", "[::1]evil.example", "[::1%25eth0]", "%6cocalhost",
    ],
)  # fmt: skip
def test_what_is_no_host_is_400(host: str) -> None:
    assert status(GATE, knock(("host", host))) == 400


def test_no_host_and_two_hosts_are_400() -> None:
    assert status(GATE, knock()) == 400
    assert status(GATE, knock(("host", "localhost"), ("Host", "evil.example"))) == 400


def test_a_whole_url_as_target_counts_as_host() -> None:
    local = ("host", "localhost:8090")
    assert status(GATE, knock(local, target="http://localhost:8090/x")) == 200
    assert status(GATE, knock(local, target="http://evil.example/x")) == 421
    assert status(GATE, knock(("host", "evil.example"), target="http://localhost/x")) == 421
    assert status(GATE, knock(local, target="http://x@localhost/x")) == 400
    page = ("origin", "http://localhost:8090")
    assert status(GATE, knock(local, page, target="http://127.0.0.1:8090/x")) == 403
    assert status(GATE, knock(local, target="//evil.example/x")) == 200


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("localhost:8090", "http://localhost:8090"),
        ("LOCALHOST.:8090", "http://localhost:8090"),
        ("[::1]:8090", "http://[::1]:8090"),
        ("sim.example", "https://sim.example"),
        ("sim.example:443", "https://sim.example"),
        ("localhost", "http://localhost:80"),
        ("localhost:8090", "https://app.example"),
        ("localhost:8090", "HTTPS://App.Example:443"),
        ("localhost:8090", "http://grafana.lan:3000"),
        ("localhost:8090", "http://[FD00::7]:3000"),
    ],
)
def test_our_own_pages_and_known_ones_may(host: str, origin: str) -> None:
    assert status(GATE, knock(("host", host), ("origin", origin), method="POST")) == 200


@pytest.mark.parametrize(
    "origin",
    [
        "null", "", "http://evil.example", "http://localhost:3000", "http://localhost",
        "http://127.0.0.1:8090", "http://app.example", "https://app.example:8443", "file://",
        "https://app.example.evil.io", "https://app.example@evil.io", "https://app.example/x",
        "http://localhost:8090, http://evil.example", "chrome-extension://abc", "localhost:8090",
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "DELETE"])
def test_another_page_is_403(origin: str, method: str) -> None:
    asked = knock(("host", "localhost:8090"), ("origin", origin), method=method)
    assert status(GATE, asked) == 403
    assert "Access-Control-Allow-Origin" not in GATE.headers_for(asked)


def test_two_origins_are_403() -> None:
    same = ("origin", "http://localhost:8090")
    assert status(GATE, knock(("host", "localhost:8090"), same, same)) == 403


def test_a_known_page_may_read_the_answer_and_others_are_kept_apart_in_caches() -> None:
    host = ("host", "localhost:8090")
    headers = GATE.headers_for(knock(host, ("origin", "https://app.example")))
    assert headers["Access-Control-Allow-Origin"] == "https://app.example"
    exposed = set(headers["Access-Control-Expose-Headers"].split(", "))
    assert exposed > {"ETag", "Link", "Location", "Retry-After", REPLAYED}
    assert "Access-Control-Allow-Credentials" not in headers
    assert GATE.headers_for(knock(host)) == {"Vary": "Origin"}
    assert Gate().headers_for(knock(host, ("origin", "https://app.example"))) == {}


def test_a_preflight_needs_no_token_and_says_what_is_allowed() -> None:
    wants = ("access-control-request-method", "PUT")
    page = ("origin", "https://app.example")
    verdict = LOCKED.judge(knock(("host", "localhost"), page, wants, method="OPTIONS"))
    assert verdict is not None
    assert verdict.problem is None
    assert "PUT" in verdict.headers["Access-Control-Allow-Methods"]
    assert "Authorization" in verdict.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Request-Method" in verdict.headers["Vary"]


@pytest.mark.parametrize(
    "shown",
    [
        [], [""], ["Bearer"], ["Bearer "], [SECRET], ["Basic " + SECRET], ["Bearer x" + SECRET],
        ["Bearer " + SECRET + "x"], ["Bearer " + SECRET[:-1]], ["Bearer " + SECRET.upper()],
        ["Bearer " + SECRET, "Bearer " + SECRET], ["Bearer \xff"], ["Bearer " + SECRET + ", x"],
    ],
)  # fmt: skip
def test_without_the_token_nothing_is_answered(shown: list[str]) -> None:
    asked = knock(("host", "localhost"), *(("authorization", value) for value in shown))
    verdict = LOCKED.judge(asked)
    assert verdict is not None
    assert verdict.problem is not None
    assert verdict.problem.status == 401
    assert verdict.headers["WWW-Authenticate"].startswith("Bearer realm=")
    assert SECRET not in repr((verdict, LOCKED))


@pytest.mark.parametrize("shown", ["Bearer " + SECRET, "bearer  " + SECRET, "BEARER " + SECRET])
def test_with_the_token_everything_is(shown: str) -> None:
    assert status(LOCKED, knock(("host", "localhost"), ("Authorization", shown))) == 200


def test_open_paths_need_no_token_but_a_known_host() -> None:
    assert status(LOCKED, knock(("host", "localhost"), is_open=True)) == 200
    assert status(LOCKED, knock(("host", "evil.example"), is_open=True)) == 421
