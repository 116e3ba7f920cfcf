"""What is wrong with a body beyond its single fields, said together with those."""

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen

from iotmock.model.family import Catalogue, UnknownDeviceTypeError, UnknownProfileError
from iotmock.model.faults.request import InvalidFaultError, parse_fault, read_moment
from iotmock.rest.problems import Fault, faults_of


@frozen
class NewDeviceCheck:
    """Whether there is such a device type, and whether it has the profile."""

    catalogue: Catalogue

    def __call__(self, given: Mapping[str, Any]) -> Iterator[Fault]:
        """Yield what is wrong with what could be read."""
        try:
            if "device_type" in given:
                self.catalogue.get(given["device_type"]).profile(given.get("profile"))
        except UnknownDeviceTypeError as error:
            yield Fault("device_type", str(error))
        except UnknownProfileError as error:
            yield Fault("profile", str(error))


def check_fault(given: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is wrong with a fault, its parameters, and when it is to begin."""
    if "fault" in given:
        try:
            parse_fault(given["fault"], given.get("parameters", {}))
        except InvalidFaultError as error:
            yield from faults_of(error)
    if given.get("start"):
        try:
            read_moment("start", given["start"])
        except InvalidFaultError as error:
            yield from faults_of(error)
