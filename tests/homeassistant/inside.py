"""Home Assistant itself, in an interpreter of its own: asked and answering in lines of JSON.

It is set up as a user does it: an MQTT broker, nothing else; its recorder keeps states in memory.
"""

import asyncio
import json
import sys
from datetime import timedelta
from typing import Any

from homeassistant.components import recorder
from homeassistant.components.recorder import statistics
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry, entity_registry
from homeassistant.helpers import recorder as recorder_helper
from homeassistant.setup import async_setup_component
from homeassistant.util import dt
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_test_home_assistant,
)
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
    do_adhoc_statistics,
)

from tests.answering import Complaints, answer, complaints

_FIVE_MINUTES = timedelta(minutes=5)


class Inside:
    """Answers what is asked, one line each."""

    def __init__(self, hass: HomeAssistant, complaints: Complaints) -> None:
        self.hass = hass
        self.complaints = complaints
        self.began = dt.utcnow()

    async def setup(self, port: int, username: str, password: str) -> None:
        """Connect to the broker, as the dialogue for it does."""
        hass = self.hass
        recorder_helper.async_initialize_recorder(hass)
        config = {
            "recorder": {
                "db_url": f"sqlite:///{hass.config.path('states.db')}",
                "commit_interval": 0,
            }
        }
        assert await async_setup_component(hass, "recorder", config)
        data = {"broker": "127.0.0.1", "port": port, "username": username, "password": password}
        entry = MockConfigEntry(domain="mqtt", data=data, version=1, minor_version=2)
        entry.add_to_hass(hass)
        assert await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()

    async def states(self) -> dict[str, Any]:
        """Return all entities: state, attributes, unique id."""
        names = entity_registry.async_get(self.hass)
        return {
            names.async_get(state.entity_id).unique_id: {
                "entity_id": state.entity_id,
                "state": state.state,
                "attributes": json.loads(json.dumps(dict(state.attributes), default=str)),
            }
            for state in self.hass.states.async_all()
            if names.async_get(state.entity_id) is not None
        }

    async def devices(self) -> list[dict[str, Any]]:
        """Return its devices."""
        found = device_registry.async_get(self.hass).devices.values()
        return [
            {"name": one.name, "model": one.model, "serial": one.serial_number} for one in found
        ]

    async def call(self, domain: str, service: str, **data: Any) -> None:
        """Call one of its services, as a click does."""
        await self.hass.services.async_call(domain, service, data, blocking=True)

    async def statistics(self, entity_id: str) -> list[dict[str, Any]]:
        """Return what the energy dashboard would show of a sensor, five minutes a row."""
        hass, now = self.hass, dt.utcnow()
        await async_wait_recording_done(hass)
        start = self.began.replace(minute=self.began.minute // 5 * 5, second=0, microsecond=0)
        begin = start
        while start <= now:
            do_adhoc_statistics(hass, start=start)
            await async_wait_recording_done(hass)
            start += _FIVE_MINUTES
        types = {"state", "sum", "last_reset"}
        found = await recorder.get_instance(hass).async_add_executor_job(
            statistics.statistics_during_period,
            hass,
            begin,
            None,
            {entity_id},
            "5minute",
            None,
            types,
        )
        rows: list[dict[str, Any]] = found.get(entity_id, [])
        return rows

    async def complained(self) -> list[str]:
        """Return what its log has said from WARNING on."""
        return self.complaints.said


async def main() -> None:
    said = complaints()
    async with async_test_home_assistant(config_dir=sys.argv[1]) as hass:
        await answer(Inside(hass, said))


if __name__ == "__main__":
    asyncio.run(main())
