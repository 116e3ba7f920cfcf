"""What arrives over a device's own connection, and is for it or for the fleet."""

from iotmock.actors.messages import Incoming, IncomingBirths, ToDevice
from iotmock.actors.routers.command_router import CommandRouter


def route_own(router: CommandRouter, device_id: str, message: Incoming) -> None:
    """Have it carried out."""
    match message:
        case _ if isinstance(message, ToDevice):
            router.route(message)
        case IncomingBirths(everywhere=True):
            router.rebirths.ask(message)
        case IncomingBirths():
            router.rebirths.own.ask(device_id)
