"""Who watches at the broker: the energy of a device never falls, whatever else happens."""

from contextlib import suppress

import msgspec
import trio
from attrs import define, field

from iotmock.mqtt import V5, Client, ConnectOptions, Message, MqttError, Session, Subscription
from iotmock.verification.stamp import Stamped, StampError, is_intact, read_stamp, split_field
from tests.mosquitto import PASSWORD, USERNAME

_RETRY_S = 0.2


class Reading(msgspec.Struct):
    device_id: str
    energy: float


@define(eq=False)
class EnergyWatch:
    """Judges readings by their numbers: QoS 1 may bring some again, after later ones."""

    port: int
    watched: int = 0
    heard: trio.Event = field(factory=trio.Event)
    """Set once a reading has come, since `hear_again`."""
    damaged: int = 0
    """Not as they were sent, by checksum, topic or form: what the proxy has done."""
    again: int = 0
    falls: dict[str, str] = field(factory=dict)
    """By device, the last one."""
    _last: dict[str, tuple[int, float]] = field(factory=dict)

    async def run(self) -> None:
        """Watch until cancelled; come back when the broker does."""
        options = ConnectOptions("chaos-watch", USERNAME, PASSWORD, protocols=(V5,), keep_alive=5)
        while True:
            with suppress(MqttError):
                try:
                    await self._listen(options)
                except* MqttError:
                    pass
            await trio.sleep(_RETRY_S)

    async def hear_again(self) -> None:
        """Wait for a reading that comes from now on."""
        self.heard = trio.Event()
        await self.heard.wait()

    async def _listen(self, options: ConnectOptions) -> None:
        async with Client("127.0.0.1", self.port, options, Session()) as client:
            await client.subscribe(Subscription("energy/devices/+/data", qos=1, retain_handling=2))
            async for message in client.messages:
                self.take(message)

    def take(self, message: Message) -> None:
        """Judge a message."""
        stamped, reading = _stamp_of(message.payload), _reading_of(message)
        if stamped is None or reading is None:
            self.damaged += 1
            return
        self.watched += 1
        self.heard.set()
        self._judge(stamped.number, reading)

    def fallen(self, excused: set[str]) -> list[str]:
        """Return the devices whose energy fell, but for those that began anew."""
        falls = sorted(self.falls.items())
        return [f"{device}: {fell}" for device, fell in falls if device not in excused]

    def _judge(self, number: int, reading: Reading) -> None:
        last, energy = self._last.get(reading.device_id, (0, 0.0))
        if number <= last:
            self.again += 1
            return
        if reading.energy < energy:
            fell = f"{energy} kWh ({last}) to {reading.energy} kWh ({number})"
            self.falls[reading.device_id] = fell
        self._last[reading.device_id] = number, reading.energy


def _stamp_of(payload: bytes) -> Stamped | None:
    """Return the stamp of a payload that is as it was sent."""
    text, body = split_field(payload) or (b"", b"")
    try:
        stamped = read_stamp(text)
    except StampError:
        return None
    return stamped if is_intact(stamped, body) else None


def _reading_of(message: Message) -> Reading | None:
    """Return the reading of a message that is at its own device's topic."""
    try:
        reading = msgspec.json.decode(message.payload, type=Reading)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return reading if message.topic == f"energy/devices/{reading.device_id}/data" else None
