"""The example that `init` writes, the examples, the schema and the document: all of one mind."""

import re
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from iotmock.model.families import built_in
from iotmock.soak.commands import example, full_example
from iotmock.soak.scenario.reading.file import json_schema, read_scenario, to_scenario
from iotmock.soak.scenario.scenario import ScenarioError
from iotmock.soak.scenario.schedule import Schedule

ROOT = Path(__file__).parents[4]
EXAMPLES = sorted((ROOT / "examples").glob("*.toml"))


def uncommented(text: str) -> str:
    """Return an example with every key that it shows in a comment."""
    return re.sub(r"(?m)^# (?=\[|[a-z_]+ = )", "", text)


def keys(schema: dict[str, Any]) -> Iterator[str]:
    for table in schema["$defs"].values():
        yield from table["properties"]


@pytest.mark.parametrize("text", [example(), full_example()], ids=["minute", "full"])
def test_the_examples_that_init_writes_can_be_run(text: str) -> None:
    to_scenario(tomllib.loads(text), built_in(), "example")


def test_the_minute_is_one_and_its_keys_in_comments_are_known() -> None:
    some = to_scenario(tomllib.loads(example()), built_in(), "example")
    assert 50 <= Schedule(some).length_s <= 60
    to_scenario(tomllib.loads(uncommented(example())), built_in(), "example")


def test_the_example_shows_every_key() -> None:
    shown = set(
        re.findall(r"\b([a-z_0-9]+)\s*=|\[+(?:[a-z]+\.)?([a-z]+)\]+", uncommented(full_example()))
    )
    shown_names = {name for pair in shown for name in pair if name}
    also = re.search(r"also (.*)\n", uncommented(full_example()))
    assert also is not None
    shown_names |= set(re.findall(r"[a-z_]+", also.group(1)))
    only_better_ones = {"password", "token", "url"}  # what the example advises against
    assert set(keys(json_schema())) - shown_names - only_better_ones == set()


def test_what_the_example_shows_in_comments_is_known_and_right() -> None:
    with pytest.raises(ScenarioError) as caught:
        to_scenario(tomllib.loads(uncommented(full_example())), built_in(), "example")
    assert {fault.path for fault in caught.value.faults} == {
        "broker.credentials_file", "broker.tls_ca", "broker.tls_cert", "load.step",
    }  # fmt: skip


def test_there_are_examples() -> None:
    assert [path.name for path in EXAMPLES] == [
        "soak-10k-shared.toml",
        "soak-alarms.toml",
        "soak-per-device-outage.toml",
        "soak-smoke.toml",
        "soak-stored.toml",
    ]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_can_be_run_and_the_schema_agrees(path: Path) -> None:
    read_scenario(path, built_in())
    jsonschema_rs.validator_for(json_schema()).validate(tomllib.loads(path.read_text()))


def test_the_schema_takes_the_example_and_refuses_what_the_reader_refuses() -> None:
    validator = jsonschema_rs.validator_for(json_schema())
    table = tomllib.loads(full_example())
    assert validator.is_valid(table)
    for section, changes in (
        ("load", {"qos": 3}),
        ("load", {"duration": "10 min"}),
        ("broker", {"prot": 1}),
        ("thresholds", {"loss": "much"}),
        ("fleet", {"connections": "pool"}),
    ):
        wrong = deepcopy(table)
        wrong[section] |= changes
        assert not validator.is_valid(wrong)
        with pytest.raises(ScenarioError):
            to_scenario(wrong, built_in(), "wrong")


def test_the_document_lists_every_key() -> None:
    document = (ROOT / "docs/reference/scenario.md").read_text(encoding="utf-8")
    text = re.sub(r"(?s)```.*?```", "", document)
    named = set(re.findall(r"[a-z_0-9]+", " ".join(re.findall(r"`([^`]+)`", text))))
    assert set(keys(json_schema())) - named == set()
