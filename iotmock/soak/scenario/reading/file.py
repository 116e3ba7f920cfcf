"""Scenario files: TOML in, a scenario or all that is wrong with it out."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from iotmock.files.text_file import NotUtf8Error, TextFileError, read_text
from iotmock.model.family import Catalogue
from iotmock.soak.scenario.reading.crosscheck import CrossCheck
from iotmock.soak.scenario.reading.of_alarms import OfAlarms
from iotmock.soak.scenario.reading.reader import Reader
from iotmock.soak.scenario.reading.references import References
from iotmock.soak.scenario.reading.tables import Tables
from iotmock.soak.scenario.scenario import Scenario, ScenarioError
from iotmock.wording.faults import Fault

_LIMIT = 16_000_000


def read_scenario(path: Path, catalogue: Catalogue) -> Scenario:
    """Return the scenario of a file.

    Raises:
        ScenarioError: it can not be read or run, and all that is wrong with it.
    """
    try:
        table = tomllib.loads(read_text(path, _LIMIT))
    except NotUtf8Error as error:
        raise ScenarioError(str(path), [Fault("", f"is no TOML file: {error.reason}")]) from error
    except TextFileError as error:
        raise ScenarioError(str(path), [Fault("", error.reason)]) from error
    except RecursionError as error:
        raise ScenarioError(str(path), [Fault("", "is nested too deeply")]) from error
    except ValueError as error:  # no TOML, or a number of thousands of digits
        raise ScenarioError(str(path), [Fault("", f"is no TOML file: {error}")]) from error
    return to_scenario({"name": path.stem, **table}, catalogue, str(path))


def to_scenario(table: Mapping[str, Any], catalogue: Catalogue, source: str) -> Scenario:
    """Return the scenario of a parsed file.

    Raises:
        ScenarioError: it can not be run, and all that is wrong with it.
    """
    reader = Reader()
    scenario = reader.read(Scenario, dict(table), "")
    tables = Tables(reader.built)
    faults = [
        *reader.faults,
        *References(tables, catalogue).faults(),
        *CrossCheck(tables).faults(),
        *OfAlarms(tables).faults(),
    ]
    if faults:
        raise ScenarioError(source, faults)
    assert isinstance(scenario, Scenario)  # noqa: S101 - it is a table
    return scenario


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario file (2020-12)."""
    schema: dict[str, Any] = _with_texts(msgspec.json.schema(Scenario))
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "iotmock soak"}
    return head | schema


def _with_texts(node: Any) -> Any:
    """Say that numbers may be written as text where the reader takes that, too."""
    if isinstance(node, list):
        return [_with_texts(item) for item in node]
    if not isinstance(node, dict):
        return node
    rest = {key: _with_texts(value) for key, value in node.items()}
    also = rest.pop("x-also", None)
    if also is None:
        return rest
    outside = {key: rest.pop(key) for key in ("description", "default") if key in rest}
    return {"anyOf": [rest, also], **outside}
