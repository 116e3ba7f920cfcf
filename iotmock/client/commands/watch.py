"""`iotmock watch`: readings as they come, until Ctrl-C."""

from datetime import UTC, datetime
from functools import partial

import msgspec
import trio
import typer
from attrs import define

from iotmock.client.commands.choice import Choice
from iotmock.client.commands.known import Status
from iotmock.client.commands.output import say
from iotmock.client.commands.service import Service, connected
from iotmock.client.errors import UnreachableError
from iotmock.client.place import place_of_service
from iotmock.client.readings.heard import BrokerError, Listener
from iotmock.client.readings.polled import polled
from iotmock.client.readings.reading import Reading, as_text
from iotmock.settings.reading import read_settings
from iotmock.settings.settings import Settings


@define(eq=False)
class _Show:
    """Prints the readings of the chosen devices, and says when they are enough."""

    choice: Choice
    ids: frozenset[str] | None
    """Those of a type or a location, which a reading does not say."""
    left: float
    as_json: bool

    def __call__(self, reading: Reading) -> bool:
        device_id = str(reading.get("device_id"))
        meant = self.choice.takes_id(device_id) if self.ids is None else device_id in self.ids
        if meant:
            self.left -= 1
            if self.as_json:
                typer.echo(msgspec.json.encode(reading))
            else:
                say(as_text(reading, _today()))
        return self.left <= 0


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def watch(choice: Choice, via: str, count: int | None, *, as_json: bool) -> None:
    """Print readings until Ctrl-C, or until there were `count`.

    `via` is mqtt, rest or auto: from the broker if it lets us, else by asking the service.

    Raises:
        UnreachableError, RefusedError, SettingsError: see `Service`; or the broker, with mqtt.
    """
    settings = read_settings()
    with connected(place_of_service(settings)) as service:
        ids = _ids(service, choice)
        show = _Show(choice, ids, float("inf") if count is None else count, as_json)
        try:
            if via == "rest" or not _is_heard(settings, service, show, must=via == "mqtt"):
                any(map(show, polled(service, choice, _note)))
        except* KeyboardInterrupt:
            pass  # the way to end it


def _ids(service: Service, choice: Choice) -> frozenset[str] | None:
    """Return who is meant, where ids and patterns alone do not say it.

    Raises:
        RefusedError: nobody is. UnreachableError: see `Service`.
    """
    if choice.narrows:
        return frozenset(choice.ids(service))
    if choice.single is not None:
        service.shown(choice.single)
    elif choice.patterns:
        choice.ids(service)
    return None


def _is_heard(settings: Settings, service: Service, show: _Show, *, must: bool) -> bool:
    """Show what the broker hands on; return False where that can not be."""
    broker = service.get("api/v1/simulation/status", Status).mqtt.broker
    try:
        listener = Listener.of(settings, service.place, broker, show.choice.plain_ids)
        trio.run(partial(listener.listen, show, _note))
    except BrokerError as error:
        if must:
            raise UnreachableError(f"{error}; --via rest asks the service instead") from error
        _note(f"{error}; asking the service every second instead")
        return False
    return True


def _note(text: str) -> None:
    typer.echo(f"iotmock: {text}", err=True)
