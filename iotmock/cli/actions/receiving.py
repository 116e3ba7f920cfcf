"""What `iotmock receive` does: from the settings to the last receipts."""

import os
from functools import partial
from math import inf

import trio

from iotmock.actors.errors import leaves
from iotmock.cli.broker_option import broker_variables
from iotmock.mqtt import MqttError
from iotmock.settings.errors import SettingsError
from iotmock.settings.reading import read_settings
from iotmock.soak.receive import config_of
from iotmock.soak.receive import receive as listen
from iotmock.soak.receiver.reception import ReceiverError
from iotmock.soak.run.error import SoakError

MENDABLE = (SoakError, ReceiverError, SettingsError, MqttError)


def receive(run: str | None, broker: str | None, duration: float | None, *, as_json: bool) -> bool:
    """Receive until a signal or for so many s; return whether nothing was lost or corrupted."""
    of_broker = {} if broker is None else broker_variables(broker)
    settings = read_settings({**os.environ, **of_broker})
    config = config_of(settings, run or settings.mqtt_stamp_run or "", as_json=as_json)
    found: list[MqttError] = []
    try:
        last = trio.run(partial(listen, config, duration or inf, as_json=as_json))
    except* MqttError as group:
        found = list(leaves(group))
    if found:
        raise found[0]
    return not (last.counts.lost or last.counts.corrupted)
