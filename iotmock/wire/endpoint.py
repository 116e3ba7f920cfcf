"""The broker as connections of devices find it: its address, and who each of them says it is."""

import trio
from attrs import define, evolve, field

from iotmock.actors.ports.dialect import Entry
from iotmock.broker.identities import Identities, Identity
from iotmock.mqtt import ConnectOptions
from iotmock.mqtt.lines.line import Line
from iotmock.mqtt.transport.address import Address, look_up
from iotmock.mqtt.transport.layers.tls import Tls
from iotmock.wire.renewal import renewal
from iotmock.wire.translation import to_will


@define(eq=False)
class Endpoint:
    """Where lines connect to, from which of the `sources`, and as whom."""

    host: str
    port: int
    service: ConnectOptions
    """Of the service's own connection: what devices do not say otherwise."""
    identities: Identities
    tls: Tls | None
    sources: tuple[str, ...] = ()
    _address: Address | None = None
    _looking: trio.Lock = field(factory=trio.Lock)
    _next_source: int = 0

    async def look_up(self) -> Address:
        """Return the broker's address, with the next source address in turn."""
        async with self._looking:
            if self._address is None:
                self._address = await look_up(self.host, self.port)
        if not self.sources:
            return self._address
        self._next_source = (self._next_source + 1) % len(self.sources)
        return evolve(self._address, source=self.sources[self._next_source])

    def forget_address(self) -> None:
        """Look the broker up again before the next connection: it may have moved."""
        self._address = None

    def prefer(self, line: Line) -> None:
        """Try the address first that has answered a line."""
        if self._address is not None and line.target in self._address.targets:
            self._address = self._address.preferring(line.target)

    def renewal(self, device_id: str, begin: float) -> float:
        """Return when a connection that has begun at `begin` is to be made anew; see `renewal`."""
        return renewal(begin, self.identities.life_s(device_id))

    def options(self, device_id: str, entry: Entry, *, resumes: bool) -> ConnectOptions:
        """Return how a device connects; `resumes`: it has had a connection before."""
        identity = self.identities.of(device_id)
        return evolve(
            self.service,
            client_id=device_id,
            username=identity.username,
            password=identity.password,
            clean_start=not (resumes and entry.resumes),
            session_expiry=self.service.session_expiry if entry.resumes else 0,
            will=to_will(entry.will),
            tls=self._tls(identity),
        )

    def _tls(self, identity: Identity) -> Tls | None:
        if self.tls is None or identity.cert is None:
            return self.tls
        return Tls(self.tls.ca_file, identity.cert, identity.key, self.tls.alpn)
