"""Whatever goes wrong is a problem document with the right status, and never a 500."""

import pytest
import trio

from iotmock.actors.devices.inbox import INBOX_SIZE, Inbox
from iotmock.actors.messages import Clear, Reply
from iotmock.rest.app import BODY_LIMIT
from tests.rest.client import Client, Got
from tests.rest.rig import Service
from tests.rest.test_devices import DEVICES, create
from tests.simulated_time import simulated_time

pytestmark = simulated_time
EVERYBODY = b'"selector": {"all": true},'


def assert_problem(got: Got, status: int, name: str | None = None) -> None:
    assert got.media_type == "application/problem+json"
    assert (got.status, got.content["status"]) == (status, status)
    assert got.content["title"]
    assert got.content["detail"]
    of_ours = f"urn:iotmock:problem:{name}"
    assert got.content["type"] == (of_ours if name else "about:blank")


@pytest.mark.parametrize(
    "path",
    ["/api", "/api/v1", "/api/v2/devices", f"{DEVICES}/", f"{DEVICES}/a/b", "/api//v1/devices",
     f"{DEVICES}/a%2Fb", "/docs/secret", "/docs/..%2f__init__.py", "/static", "/%ff", "/health/x"],
)  # fmt: skip
async def test_a_path_that_is_not_there_is_404(client: Client, path: str) -> None:
    assert_problem(await client.get(path), 404)


async def test_the_root_leads_to_a_page(client: Client) -> None:
    got = await client.get("/")
    assert (got.status, got.headers["Location"], got.body) == (302, "/docs", b"")
    assert (await client.get(got.headers["Location"])).media_type == "text/html"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PATCH", DEVICES, {"GET", "HEAD", "POST", "DELETE", "OPTIONS"}),
        ("PUT", DEVICES, {"GET", "HEAD", "POST", "DELETE", "OPTIONS"}),
        ("POST", f"{DEVICES}/x", {"GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"}),
        ("GET", f"{DEVICES}/x/command", {"POST", "OPTIONS"}),
        ("TRACE", "/health", {"GET", "HEAD", "OPTIONS"}),
        ("BREW", "/docs", {"GET", "HEAD", "OPTIONS"}),
    ],
)
async def test_a_method_that_a_path_has_not_is_405_and_those_it_has_are_named(
    client: Client, method: str, path: str, allowed: set[str]
) -> None:
    got = await client.send(method, path)
    assert_problem(got, 405)
    assert set(got.headers["Allow"].split(", ")) == allowed


async def test_options_names_the_methods(client: Client) -> None:
    got = await client.send("OPTIONS", DEVICES)
    assert (got.status, got.body) == (204, b"")
    assert set(got.headers["Allow"].split(", ")) == {"GET", "HEAD", "POST", "DELETE", "OPTIONS"}


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"{}x", b'{"name": NaN}', b'{"name": Infinity}', b"{'name': 1}", b"\xff",
        b'{"name": "\xff"}', b'{"\xff": 1}', b'{"name": "\\ud800"}', b'{"name": "\x00"}',
        b"\xef\xbb\xbf{}", "{}".encode("utf-16"), b'{"name": ' + b"[" * 60_000,
        b'{"name": ' * 6_000, b'{"name": "\\x"}',
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", [DEVICES, f"{DEVICES}/p/command"])
async def test_malformed_json_is_400(client: Client, path: str, body: bytes) -> None:
    await create(client, device_id="p")
    assert_problem(await client.send("POST", path, data=body), 400)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b'{"name": "\\ud800"}', "the body is not JSON: \\ud800 is half of a character"),
        (b'{"name": "\\\\ud800', "the body is not JSON: it ends too early"),
        (b'{"name": "\\ud83d\\ude00", "location": "a\\uDC00b"}', "\\uDC00 is half of a character"),
        (b'{"name": ' + b"[" * 64 + b"]" * 64 + b"}", "the body is nested more than 64 deep"),
    ],
)
async def test_why_a_body_is_400_is_true(client: Client, body: bytes, why: str) -> None:
    got = await client.send("POST", DEVICES, data=body)
    assert_problem(got, 400)
    assert got.content["detail"].endswith(why)


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "k"}])
@pytest.mark.parametrize(
    ("path", "whom", "status"),
    [
        (f"{DEVICES}/p/command", b"", 422),
        (f"{DEVICES}/command", EVERYBODY, 200),
    ],
)
@pytest.mark.parametrize("depth", [62, 63, 963, 20_000])
async def test_a_body_is_read_only_as_deep_as_all_can_follow_it(
    client: Client, path: str, whom: bytes, status: int, headers: dict[str, str], depth: int
) -> None:
    await create(client, device_id="p")
    deep = b"[" * depth + b"]" * depth
    body = b'{%s "command": "set_power", "parameters": {"x": %s}}' % (whom, deep)
    got = await client.send("POST", path, data=body, headers=headers)
    assert got.status == (status if depth == 62 else 400)


async def test_the_number_that_is_out_of_range_is_named(client: Client) -> None:
    await create(client, device_id="p")
    body = b'{"command": "set_power", "parameters": {"power": 1e400}}'
    got = await client.send("POST", f"{DEVICES}/p/command", data=body)
    assert_problem(got, 422, "invalid-fields")
    assert got.content["detail"] == "parameters: the number '1e400' is out of range"


async def test_a_body_that_is_coded_is_415_and_told_why(client: Client) -> None:
    for coding, status in (("gzip", 415), ("identity", 422)):
        headers = {"Content-Encoding": coding}
        got = await client.send("POST", DEVICES, data=b"{}", headers=headers)
        assert got.status == status
        assert ("Content-Encoding" in got.content["detail"]) == (status == 415)


@pytest.mark.parametrize("body", [b"[]", b"null", b"5", b'"x"', b"[[[[]]]]", b"1" * 5000])
async def test_a_body_that_is_no_object_is_422(client: Client, body: bytes) -> None:
    got = await client.send("POST", DEVICES, data=body)
    assert_problem(got, 422, "invalid-fields")
    assert got.faulty == ["body"]


@pytest.mark.parametrize(
    "content_type",
    [None, "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data",
     "application/jsonx", "application/problem+json", ";;;=", "\xff"],
)  # fmt: skip
async def test_a_body_that_is_not_called_json_is_415(
    client: Client, content_type: str | None
) -> None:
    body = b'{"device_type": "hvac", "name": "H"}'
    got = await client.send("POST", DEVICES, data=body, content_type=content_type)
    assert_problem(got, 415)


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "Application/JSON"])
async def test_json_may_be_called_so_in_other_ways(client: Client, content_type: str) -> None:
    body = b'{"device_type": "hvac", "name": "H"}'
    got = await client.send("POST", DEVICES, data=body, content_type=content_type)
    assert got.status == 201


async def test_a_body_may_be_as_large_as_the_limit_and_no_larger(client: Client) -> None:
    body = b'{"device_type": "hvac", "name": "H"}'
    fitting = await client.send("POST", DEVICES, data=body.ljust(BODY_LIMIT))
    assert fitting.status == 201
    assert_problem(await client.send("POST", DEVICES, data=body.ljust(BODY_LIMIT + 1)), 413)


async def test_a_body_of_unknown_fields_is_not_answered_with_a_larger_one(client: Client) -> None:
    got = await client.send("PUT", f"{DEVICES}/x", {f"field{n}": n for n in range(2_000)})
    assert_problem(got, 422, "invalid-fields")
    assert len(got.content["errors"]) == 20


async def test_a_device_that_fails_is_409_until_it_is_rebooted(
    client: Client, service: Service
) -> None:
    device = await create(client)
    simulate = f"{DEVICES}/{device}/simulate"
    service.rig.failing.append(RuntimeError("broken bearing"))
    assert_problem(await client.post(simulate), 409, "device-restarting")
    assert_problem(await client.post(simulate), 409, "device-restarting")
    await trio.sleep(60)
    assert_problem(await client.post(simulate), 409, "device-failed")
    assert_problem(await client.put(f"{DEVICES}/{device}", {"name": "N"}), 409, "device-failed")
    listed = (await client.get(f"{DEVICES}?status=error")).content["devices"]
    assert [found["device_id"] for found in listed] == [device]
    service.rig.failing.clear()
    reboot = await client.post(f"{DEVICES}/{device}/command", {"command": "reboot"})
    assert reboot.status == 200
    assert (await client.post(simulate)).status == 200


async def test_a_device_at_the_end_is_409_and_a_change_503(
    client: Client, service: Service
) -> None:
    device = await create(client)
    service.rig.supervisor.close()
    await service.rig.supervisor.wait_ended()
    assert_problem(await client.post(f"{DEVICES}/{device}/simulate"), 409, "device-gone")
    new = await client.post(DEVICES, {"device_type": "hvac", "name": "H"})
    assert_problem(new, 503, "stopping")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("POST", "/simulate", None), ("POST", "/command", {"command": "reboot"}), ("PUT", "", {})],
)
async def test_a_full_inbox_is_429_and_says_when_to_try_again(
    client: Client, service: Service, method: str, path: str, body: object
) -> None:
    device = await create(client)
    # An inbox that nobody reads is soon full.
    full = service.rig.supervisor.get(device).inbox = Inbox()
    for _ in range(INBOX_SIZE):
        full.put(Clear("f", Reply()))
    got = await client.send(method, f"{DEVICES}/{device}{path}", body)
    assert_problem(got, 429, "device-busy")
    assert int(got.headers["Retry-After"]) >= 1


async def test_what_can_not_be_saved_is_503_and_did_not_happen(
    client: Client, service: Service
) -> None:
    device = await create(client)
    service.rig.file.failure = OSError("disk full")
    got = await client.post(DEVICES, {"device_type": "hvac", "name": "H"})
    assert_problem(got, 503, "storage")
    assert int(got.headers["Retry-After"]) >= 1
    assert_problem(await client.delete(f"{DEVICES}/{device}"), 503, "storage")
    listed = (await client.get(DEVICES)).content["devices"]
    assert [found["device_id"] for found in listed] == [device]


async def test_a_service_that_is_not_ready_is_503(client: Client, service: Service) -> None:
    service.ready.on = False
    for path in (DEVICES, "/health", "/openapi.json"):
        got = await client.get(path)
        assert_problem(got, 503)
        assert int(got.headers["Retry-After"]) >= 1
    service.ready.on = True
    assert (await client.get("/health")).status == 200


async def test_a_bug_is_a_problem_too(client: Client, service: Service) -> None:
    async def fail() -> str:
        raise RuntimeError("a bug")

    service.app.add_url_rule("/bug", view_func=fail)
    got = await client.get("/bug")
    assert_problem(got, 500)
    assert "a bug" not in got.content["detail"]


async def test_head_is_get_without_the_body(client: Client) -> None:
    assert (await client.send("HEAD", DEVICES)).status == 200
    assert (await client.send("HEAD", f"{DEVICES}/x")).status == 404
