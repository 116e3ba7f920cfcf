"""The broker that is listened at or sent to: the settings', with an option in their place."""

import os
from secrets import token_hex

from attrs import frozen

from iotmock.broker.options import connect_options
from iotmock.mqtt import ConnectOptions
from iotmock.settings.reading import read_settings


@frozen
class Place:
    """A broker, and how one connects to it."""

    host: str
    port: int
    options: ConnectOptions


def place_of(variables: dict[str, str], name: str) -> Place:
    """Return the broker of the environment and `.env`; `variables` stand before both.

    The client id begins with `name` and is nobody else's.

    Raises:
        SettingsError: a setting is not allowed, or a file of it can not be used.
    """
    settings = read_settings({**os.environ, **variables})
    options = connect_options(settings, f"{name}-{token_hex(4)}")
    return Place(settings.mqtt_broker_host, settings.mqtt_broker_port, options)
