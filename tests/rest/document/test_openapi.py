"""The document is complete, the service does as it says, and its page needs no internet."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from urllib.request import urlopen

import pytest
import schemathesis
import trio
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.core.transport import Response
from schemathesis.generation import GenerationMode
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from iotmock.actors.definitions.draft import GroupDraft
from iotmock.model.families import built_in
from tests.patience import SLACK
from tests.rest.client import Client
from tests.rest.rig import Served
from tests.rest.test_devices import DEVICES, create
from tests.simulated_time import simulated_time

pytestmark = pytest.mark.long(12)
EXAMPLES = 15
KNOWN = dict.fromkeys(("device_id", "fleet", "sites", "fault_id", "run", "report_file"), "known")
Operation = APIOperation[Any, Any, Any, Any]
Request = schemathesis.Case[Any]
STREAM = "/api/v1/stream"
TOO_LONG = {413, 431}
"""A body of a megabyte or a request line of 16 KiB is refused before anybody reads it."""
OF_THE_GATE = {403, 421}
OF_KEYS = {422, 429}
OPERATIONS = {
    ("get", "/api/v1/devices"): {200, 422, 503},
    ("post", "/api/v1/devices"): {201, 400, 408, 409, 413, 415, 422, 503},
    ("delete", "/api/v1/devices"): {200, 404, 422, 503},
    ("post", "/api/v1/devices:batch"): {200, 400, 408, 413, 415, 422, 503},
    ("post", "/api/v1/devices/command"): {200, 400, 404, 408, 413, 415, 422, 503},
    ("get", "/api/v1/devices/{device_id}"): {200, 304, 404, 412, 503},
    ("put", "/api/v1/devices/{device_id}"): {
        200, 400, 404, 408, 409, 412, 413, 415, 422, 429, 503,
    },
    ("patch", "/api/v1/devices/{device_id}"): {
        200, 400, 404, 408, 409, 412, 413, 415, 422, 429, 503,
    },
    ("delete", "/api/v1/devices/{device_id}"): {204, 404, 412, 503},
    ("get", "/api/v1/devices/{device_id}/readings"): {200, 404, 503},
    ("get", "/api/v1/devices/{device_id}/messages"): {200, 404, 422, 503},
    ("get", "/api/v1/devices/{device_id}/history"): {200, 404, 503},
    ("get", "/api/v1/devices/{device_id}/preview"): {200, 404, 422, 503},
    ("post", "/api/v1/devices/{device_id}/command"): {
        200, 400, 404, 408, 409, 413, 415, 422, 429, 503,
    },
    ("post", "/api/v1/devices/{device_id}/simulate"): {200, 404, 409, 429, 503},
    ("get", "/api/v1/devices/{device_id}/faults"): {200, 404, 503},
    ("post", "/api/v1/devices/{device_id}/faults"): {
        201, 400, 404, 408, 409, 413, 415, 422, 429, 503,
    },
    ("delete", "/api/v1/devices/{device_id}/faults/{fault_id}"): {204, 404, 409, 429, 503},
    ("get", "/api/v1/faults"): {200, 422, 503},
    ("post", "/api/v1/faults"): {201, 400, 404, 408, 413, 415, 422, 503},
    ("delete", "/api/v1/faults"): {200, 422, 503},
    ("get", "/api/v1/fault-types"): {200, 503},
    ("get", "/api/v1/fleets"): {200, 503},
    ("post", "/api/v1/fleets"): {202, 400, 408, 409, 413, 415, 422, 503},
    ("get", "/api/v1/fleets/{fleet}"): {200, 404, 503},
    ("patch", "/api/v1/fleets/{fleet}"): {202, 400, 404, 408, 409, 413, 415, 422, 503},
    ("delete", "/api/v1/fleets/{fleet}"): {202, 404, 503},
    ("get", "/api/v1/locations"): {200, 422, 503},
    ("get", "/api/v1/sites"): {200, 503},
    ("post", "/api/v1/sites"): {202, 400, 408, 409, 413, 415, 422, 503},
    ("get", "/api/v1/sites/{sites}"): {200, 404, 503},
    ("patch", "/api/v1/sites/{sites}"): {202, 400, 404, 408, 409, 413, 415, 422, 503},
    ("delete", "/api/v1/sites/{sites}"): {202, 404, 503},
    ("get", "/api/v1/simulation/status"): {200, 503},
    ("get", "/api/v1/simulation/history"): {200, 422, 503},
    ("get", "/api/v1/stream"): {200, 422, 503},
    ("post", "/api/v1/simulation/start"): {200, 503},
    ("post", "/api/v1/simulation/stop"): {200, 503},
    ("post", "/api/v1/simulation/resync"): {200, 503},
    ("post", "/api/v1/simulation/step"): {200, 400, 408, 409, 413, 415, 422, 503},
    ("post", "/api/v1/simulation/speed"): {200, 400, 408, 413, 415, 422, 503},
    ("get", "/api/v1/device-types"): {200, 503},
    ("get", "/health"): {200, 503},
    ("get", "/livez"): {200, 503},
    ("get", "/readyz"): {200, 503},
    ("get", "/metrics"): {200, 503},
    ("get", "/openapi.json"): {200, 503},
    ("get", "/asyncapi.json"): {200, 503},
    ("get", "/api/v1/reports"): {200, 503},
    ("get", "/reports"): {302, 404, 422, 503},
    ("get", "/reports/{run}/{report_file}"): {200, 404, 503},
    ("get", "/"): {302, 503},
    ("get", "/docs"): {200, 503},
}  # fmt: skip


@simulated_time
async def test_every_row_is_in_the_document_with_all_its_answers(client: Client) -> None:
    document = (await client.get("/openapi.json")).content
    described = {
        (method, path): {int(status) for status in operation["responses"]}
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }
    assert described == {
        row: answers | OF_THE_GATE | (OF_KEYS if row[0] == "post" else set())
        for row, answers in OPERATIONS.items()
    }
    assert document["openapi"] == "3.1.0"
    assert document["info"]["version"] == "1.2.3"


@simulated_time
async def test_every_error_is_described_once_as_a_problem(client: Client) -> None:
    document = (await client.get("/openapi.json")).content
    common = document["components"]["responses"]
    for methods in document["paths"].values():
        for operation in methods.values():
            errors = {s: r for s, r in operation["responses"].items() if int(s) >= 400}
            assert errors
            for error in errors.values():
                described = common[error["$ref"].removeprefix("#/components/responses/")]
                assert list(described["content"]) == ["application/problem+json"]


@simulated_time
async def test_every_number_and_every_parameter_says_what_it_is(client: Client) -> None:
    document = (await client.get("/openapi.json")).content
    schemas = document["components"]["schemas"]
    for name, schema in schemas.items():
        for key, field in schema.get("properties", {}).items():
            if field.get("type") in {"number", "integer"}:
                assert field.get("description"), f"{name}.{key}"
    for unit, of in {"kW": "power", "V": "voltage", "A": "current", "kWh": "energy"}.items():
        assert schemas["Reading"]["properties"][of]["description"].endswith(unit)
    for methods in document["paths"].values():
        for operation in methods.values():
            assert all(parameter["description"] for parameter in operation["parameters"])


@simulated_time
async def test_the_examples_in_the_document_work(client: Client) -> None:
    document = (await client.get("/openapi.json")).content
    device = await create(client)
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if "requestBody" in operation:
                content = operation["requestBody"]["content"]
                example = content["application/json"]["example"]
                place = path.format(device_id=device, fleet="soak", sites="homes")
                got = await client.send(method.upper(), place, example)
                # Here is no broker that would answer to what a step has devices say.
                assert got.status in ({409} if place.endswith("/step") else {200, 201, 202})


@simulated_time
async def test_the_document_knows_the_types_of_the_catalogue(client: Client) -> None:
    document = (await client.get("/openapi.json")).content
    kinds = [*built_in().names, "plain"]
    schemas = document["components"]["schemas"]
    new_device, new_group = schemas["NewDevice"], schemas["NewGroup"]
    parameters = document["paths"][DEVICES]["get"]["parameters"]
    assert new_device["properties"]["device_type"]["enum"] == kinds
    assert new_group["properties"]["device_type"]["enum"] == kinds
    assert [p["schema"]["enum"] for p in parameters if p["name"] == "device_type"] == [kinds]


def strategies(operation: Operation) -> Iterator[SearchStrategy[Request]]:
    """Valid and invalid requests, for devices that are made up and for one that is there."""
    yield operation.as_strategy()
    if operation.path_parameters or operation.query or operation.body:
        yield operation.as_strategy(GenerationMode.NEGATIVE)
    if operation.path_parameters:
        known = {p.name: KNOWN[p.name] for p in operation.path_parameters}
        yield operation.as_strategy(path_parameters=known)
        if operation.body:
            yield operation.as_strategy(GenerationMode.NEGATIVE, path_parameters=known)


def has_empty(answer: Response) -> bool:
    """Whether the query that was sent has an empty value, which is as good as none.

    The document says so, but what is invalid may become empty on its way: a list of one, say.
    """
    query = urlsplit(str(answer.request.url)).query
    return any(not value for _, value in parse_qsl(query, keep_blank_values=True))


def hold_to(operation: Operation, requests: SearchStrategy[Request]) -> None:
    """Send the requests; the answers must be as the document says."""
    # Whether a device knows a command or a fault, a type a profile, a fleet a group, how many
    # readings a preview may have, how long a fleet's ids get, what an operation of a batch needs,
    # whether a selector chooses anybody, how far a step may go, and which version of a device an
    # entity tag stands for, is no matter of the schema.
    free = operation.label.endswith(
        (
            "/command", "/preview", "/faults", f"POST {DEVICES}", "/fleets", "/fleets/{fleet}",
            "/sites", "/sites/{sites}",
            ":batch", f"DELETE {DEVICES}", "/devices/{device_id}", "/step",
        )
    )  # fmt: skip
    excluded: list[Any] = [positive_data_acceptance] if free else []
    if operation.path == STREAM:  # which has no end: nobody may listen here
        excluded = [positive_data_acceptance, not_a_server_error]

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(requests)
    def check(case: Request) -> None:
        answer = case.call()
        if answer.status_code not in TOO_LONG:
            beside = [*excluded, *([negative_data_rejection] if has_empty(answer) else [])]
            case.validate_response(answer, excluded_checks=beside)

    check()


def hold_all_to_the_document(url: str) -> int:
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json")
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    operations.sort(key=lambda operation: operation.method == "delete")
    for operation in operations:
        for requests in strategies(operation):
            hold_to(operation, requests)
    return len(operations)


@pytest.mark.trio
async def test_the_service_answers_as_the_document_says(served: Served) -> None:
    rig = served.service.rig
    served.service.system.hub.audience.most = 0
    await rig.supervisor.create("hvac", name="H", device_id=KNOWN["device_id"])
    await rig.fleets.create(KNOWN["fleet"], [GroupDraft("hvac", 20)])
    held = await trio.to_thread.run_sync(hold_all_to_the_document, served.url)
    assert held >= len(OPERATIONS) - 1  # schemathesis leaves the document itself out


def fetch(url: str) -> tuple[str, bytes]:
    with urlopen(url, timeout=10 * SLACK) as answer:
        return answer.headers["Content-Type"], answer.read()


@pytest.mark.trio
async def test_the_page_has_all_it_needs_from_the_service(served: Served) -> None:
    media_type, page = await trio.to_thread.run_sync(fetch, f"{served.url}/docs")
    needed = set(re.findall(r'(?:src|href)="([^"]+)"', page.decode())) - {"manual"}
    assert media_type == "text/html"
    assert b"//" not in page
    assert len(needed) == 4
    for name in needed:
        _, content = await trio.to_thread.run_sync(fetch, f"{served.url}/{name}")
        assert content
