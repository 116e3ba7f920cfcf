"""Both clients have a method for each operation of the OpenAPI document, and no other words."""

import inspect
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from iotmock.client import AsyncClient, Client
from iotmock.client.answers import devices, faults, fleets, many, service, simulation, types
from tests.client import synchronous
from tests.service.process import Service

NOT_FOR_PROGRAMS = {"get_page", "get_report", "get_report_file", "get_root"}
"""Pages, which a browser shows."""
HEADERS = {"Idempotency-Key": "idempotency_key", "If-Match": "if_match"}
UNUSED = {"get_device": {"If-None-Match", "If-Match"}}
"""There is no cache here, and nothing is changed by it."""
OTHER_NAMES = {
    "DeviceInfo": "Device",
    "Failure": "Refusal",
    "FieldFault": "Fault",
    "Reading": "FullReading",
}
STRUCTS = [
    struct
    for module in (devices, faults, fleets, many, service, simulation, types)
    for struct in vars(module).values()
    if isinstance(struct, type)
    and issubclass(struct, msgspec.Struct)
    and struct is not msgspec.Struct
]


@pytest.fixture(scope="module")
def document(service: Service) -> Any:
    return service.request("GET", "/openapi.json")[1]


def operations(document: Any) -> Iterator[tuple[str, str, Any]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if operation["operationId"] not in NOT_FOR_PROGRAMS:
                yield method.upper(), path, operation


@pytest.mark.parametrize("client", [Client, AsyncClient])
def test_there_is_a_method_for_each_operation(client: type[Any], document: Any) -> None:
    named = {operation["operationId"] for _, _, operation in operations(document)}
    assert len(named) > 35
    assert not [name for name in named if not callable(getattr(client, name, None))]


def words_of(method: Any) -> set[str]:
    """The parameters of a method, and the keys of its TypedDicts."""
    words = set()
    for name, parameter in inspect.signature(method).parameters.items():
        words.add(name)
        for keys in _typed_dicts(parameter.annotation):
            words |= set(keys.__annotations__)
    return words


def _typed_dicts(annotation: Any) -> Iterator[Any]:
    for one in (annotation, *getattr(annotation, "__args__", ())):
        if hasattr(one, "__required_keys__"):
            yield one


def test_a_method_takes_what_its_operation_takes(document: Any) -> None:
    renamed = {"from": "begin", "to": "end", **HEADERS}
    schemas = document["components"]["schemas"]
    for _, _, operation in operations(document):
        name = operation["operationId"]
        words = words_of(getattr(Client, name))
        asked = {one["name"] for one in operation.get("parameters", [])} - UNUSED.get(name, set())
        body = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if body:
            asked |= set(schemas[body["schema"]["$ref"].rpartition("/")[2]]["properties"])
        lacking = {renamed.get(name, name) for name in asked} - words
        assert not lacking, (name, lacking, words)


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: struct.__name__)
def test_an_answer_has_the_fields_of_its_schema(
    struct: type[msgspec.Struct], document: Any
) -> None:
    name = struct.__name__
    schema = document["components"]["schemas"].get(OTHER_NAMES.get(name, name))
    if name == "StreamEvent":
        return  # a stream has no schema; test_client.py listens to one
    assert schema is not None, name
    assert set(struct.__struct_fields__) == set(schema["properties"]), name


def test_a_reading_has_the_types_of_its_schema(document: Any) -> None:
    schema = document["components"]["schemas"]["FullReading"]
    own = msgspec.json.schema(devices.Reading)["$defs"]["Reading"]
    assert own["required"] == schema["required"]
    for name, one in schema["properties"].items():
        kinds = own["properties"][name].get("anyOf", [own["properties"][name]])
        assert {kind.get("type") for kind in kinds} - {"null"} == {one.get("type")}, name


def test_the_synchronous_client_is_made_from_the_asynchronous_one() -> None:
    for path, text in synchronous.made().items():
        assert path.read_text() == text, f"make client: {path.name} is old"
