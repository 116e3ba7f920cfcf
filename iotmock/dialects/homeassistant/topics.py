"""The topics of Home Assistant's discovery."""

from attrs import frozen


@frozen
class Topics:
    """Below the discovery prefix that is set there, `homeassistant` unless somebody changed it."""

    prefix: str = "homeassistant"

    @property
    def status(self) -> str:
        """Where Home Assistant says `online` once it listens."""
        return f"{self.prefix}/status"

    def of_device(self, uid: str) -> str:
        """Return where a device is described as a whole; since 2024.11."""
        return f"{self.prefix}/device/{uid}/config"

    def of_component(self, platform: str, uid: str, key: str) -> str:
        """Return where one of its entities is described by itself."""
        return f"{self.prefix}/{platform}/{uid}/{key}/config"
