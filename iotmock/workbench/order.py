"""What is said between a program and the service that it runs: a line each way."""

import msgspec

from iotmock.workbench.broker import Broker


class Order(msgspec.Struct, frozen=True):
    """What to run: variables as `.env` has them, and whether with a broker of its own."""

    variables: dict[str, str]
    own_broker: bool


class Begun(msgspec.Struct, frozen=True, tag=True):
    """It is ready."""

    port: int
    broker: Broker


class Failed(msgspec.Struct, frozen=True, tag=True):
    """It can not start."""

    why: str
