"""iotmock's image for testcontainers: `pip install 'iotmock[containers]'`, and an engine."""

from secrets import token_hex
from typing import Self

from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import HttpWaitStrategy

from iotmock.client import Client
from iotmock.workbench.broker import Broker
from iotmock.workbench.variables import variables

HTTP_PORT, MQTT_PORT = 8090, 1883
IMAGE = "iot-mock-service"
_START_S = 60
_USER = "iotmock"


class Container(DockerContainer):
    """A service in a container; it is ready when it has started.

    Args:
        image: as you have built or pulled it (docs/how-to/deploy.md).
        broker: mqtt://user:password@host:port as the container sees it; without it, the embedded
            broker runs in the container.
        settings: those of docs/reference/configuration.md in lower case: simulation_interval=1.0.

    Raises:
        TypeError: there is no such setting.
    """

    def __init__(
        self, image: str = IMAGE, *, broker: str | None = None, **settings: object
    ) -> None:
        super().__init__(image)
        self.with_exposed_ports(HTTP_PORT)
        self._password = token_hex(8)
        self.with_envs(**variables(settings))
        if broker is None:
            self._have_own_broker()
        else:
            self.with_env("MQTT_BROKER_URL", broker)
        ready = HttpWaitStrategy(HTTP_PORT, "/readyz").for_status_code(200)
        self.waiting_for(ready.with_startup_timeout(_START_S))

    def _have_own_broker(self) -> None:
        self.with_exposed_ports(MQTT_PORT)
        self.with_envs(
            MQTT_EMBEDDED_BROKER="on",
            MQTT_EMBEDDED_HOST="0.0.0.0",  # noqa: S104 - within the container
            MQTT_USERNAME=_USER,
            MQTT_PASSWORD=self._password,
        )

    def start(self) -> Self:
        """Start it, and return it when it is ready."""
        super().start()
        return self

    @property
    def url(self) -> str:
        """Where the service is, for a client outside."""
        return f"http://{self.get_container_host_ip()}:{self.get_exposed_port(HTTP_PORT)}"

    @property
    def broker(self) -> Broker:
        """The broker in the container, for who listens outside."""
        host, port = self.get_container_host_ip(), int(self.get_exposed_port(MQTT_PORT))
        return Broker(host, port, _USER, self._password)

    def client(self) -> Client:
        """Return a client, to be opened by `with`."""
        return Client(self.url)
