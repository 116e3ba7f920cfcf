"""What a fault must remember beyond the process, held to what its effect can take."""

from collections.abc import Mapping
from typing import Any

import attrs

from iotmock.model.faults.fault import Fault
from iotmock.model.spec import InvalidFieldError
from iotmock.wording.faults import InvalidValueError, convert
from iotmock.wording.words import named


def check_memory(fault: Fault, memory: Mapping[str, Any]) -> None:
    """See whether it can be what this fault has remembered.

    Raises:
        InvalidFieldError: it can not, and where.
    """
    fields = attrs.fields(fault.remembers)
    kept = {one.name: one.type for one in fields if "remembered" in one.metadata}
    for name, value in memory.items():
        if (kind := kept.get(name)) is None:
            raise InvalidFieldError("memory", f"{fault.name} remembers no {named(name)}")
        try:
            convert(value, kind)
        except InvalidValueError as error:
            raise InvalidFieldError(f"memory.{name}", str(error)) from error
