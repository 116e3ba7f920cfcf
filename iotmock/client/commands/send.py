"""`iotmock send`: one command to one device, or to many."""

from collections.abc import Sequence
from typing import Any

from iotmock.client.answers.devices import CommandResult
from iotmock.client.commands.choice import Choice
from iotmock.client.commands.command import command_all
from iotmock.client.commands.output import MOST_TOLD, say, say_json
from iotmock.client.commands.parameters import read_parameters
from iotmock.client.commands.service import connected
from iotmock.client.place import place_of_service


def send(choice: Choice, command: str, pairs: Sequence[str], *, as_json: bool) -> bool:
    """Send a command and tell what became of it; return whether all applied it."""
    content = {"command": command, "parameters": read_parameters(pairs)}
    with connected(place_of_service()) as service:
        results = list(command_all(service, choice, content))
    rejected = [one for one in results if one.status != "applied"]
    if as_json:
        say_json({"results": results} if choice.single is None else results[0])
    elif len(results) <= MOST_TOLD:
        _tell(results)
    else:
        say(f"{len(results) - len(rejected):,} applied, {len(rejected):,} rejected")
        _tell(rejected[:MOST_TOLD])
    return not rejected


def _tell(results: Sequence[CommandResult]) -> None:
    for one in results:
        say(_sentence(one))


def _sentence(result: CommandResult) -> str:
    if result.status != "applied":
        return f"{result.device_id}: {result.command} {result.status}: {result.reason}"
    changes = ", ".join(_change(name, pair) for name, pair in (result.changes or {}).items())
    return f"{result.device_id}: {result.command} applied" + (f": {changes}" if changes else "")


def _change(name: str, pair: list[Any]) -> str:
    return f"{name} {' -> '.join(map(str, pair))}"
