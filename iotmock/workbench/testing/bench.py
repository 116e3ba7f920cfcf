"""What a test has of iotmock: its devices, time, and alarms that it waits for."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from typing import Unpack

from attrs import define, field

from iotmock.client import AsyncClient, Client, Device, RefusedError
from iotmock.client.answers.simulation import StepResult
from iotmock.client.asked import DeviceFields
from iotmock.workbench.broker import Broker
from iotmock.workbench.run import Running
from iotmock.workbench.testing.alarms import Alarm, Condition, expected

_GONE = 404


@define(eq=False)
class Bench:
    """The service of the session, and the devices that this test has made of it."""

    service: Running[Client]
    _devices: list[Device] = field(factory=list, init=False)

    @property
    def client(self) -> Client:
        """The client of the service, for what has no method here."""
        return self.service.client

    @property
    def url(self) -> str:
        """Where the service is."""
        return self.service.url

    @property
    def broker(self) -> Broker:
        """Where its devices speak."""
        return self.service.broker

    def async_client(self) -> AsyncClient:
        """Return a client for an asynchronous test, to be opened by `async with`."""
        return AsyncClient(self.url)

    def device(self, device_type: str = "hvac", **fields: Unpack[DeviceFields]) -> Device:
        """Make a device, which goes with the test.

        Raises:
            RefusedError: a field is not allowed, or the id is taken.
        """
        made = self.client.create_device(device_type, f"{device_type} of a test", **fields)
        device = self.client.device(made.device_id)
        self._devices.append(device)
        return device

    @contextmanager
    def by_hand(self) -> Iterator[None]:
        """Have time stand during the block, but for `step`; afterwards it is the time of day."""
        before = self.client.get_simulation_status().speed
        self.client.set_speed("step")
        try:
            yield
        finally:
            self.client.set_speed(before)
            if before == 1.0:
                self.client.resync()

    def step(self, seconds: float) -> StepResult:
        """Move time on; when it returns, all readings up to there are with the broker.

        Raises:
            RefusedError: time is not by hand.
        """
        return self.client.step(seconds)

    @property
    def now(self) -> datetime:
        """The simulated time."""
        return datetime.fromisoformat(self.client.get_simulation_status().now).astimezone(UTC)

    def expect_alarm(
        self, topic: str, *, within: float = 10.0, where: Condition | None = None
    ) -> AbstractContextManager[Alarm]:
        """Listen from the beginning of the block on; at its end an alarm must come, or has come.

        Args:
            topic: a topic of MQTT, or a filter.
            within: s of the wall, from the end of the block on.
            where: what the alarm must be; others are passed over.

        Raises:
            AssertionError: none came.
        """
        conditions = () if where is None else (where,)
        return expected(self.broker, topic, within, *conditions)

    def clear(self) -> None:
        """Take the devices of the test away; where the service has ended, they are gone."""
        if self.service.process.end_reason is not None:
            return
        while self._devices:
            try:
                self._devices.pop().delete()
            except RefusedError as error:
                if error.status != _GONE:  # the test has done so itself
                    raise
