"""What a client asks of a list of devices."""

import re
from typing import Annotated, Literal, get_args

import msgspec
from msgspec import UNSET, Meta, UnsetType

from iotmock.model.quantities import ID_WORDS
from iotmock.model.reading import Status
from iotmock.model.spec import ID_PATTERN, NAME_LENGTH
from iotmock.rest.answers import Device
from iotmock.rest.requests import LAST_OFFSET, LONGEST_LIST, AtLocation, OfType
from iotmock.wording.patterns import whole

SortKey = Literal[
    "device_id",
    "device_type",
    "name",
    "location",
    "status",
    "base_power",
    "base_voltage",
    "interval",
    "created_at",
]
_KEYS = get_args(SortKey)
_FIELDS = Device.__struct_fields__
_FIELD = "|".join(re.escape(name) for name in _FIELDS)

Sort = Annotated[
    str,
    Meta(
        pattern=whole(f"-?({'|'.join(_KEYS)})"),
        description="a field, with - before it the other way round; devices that are alike by age",
        extra={"words": f"{', '.join(_KEYS)}, or one of them with - before it"},
    ),
]
Fields = Annotated[
    str,
    Meta(
        pattern=whole(f"({_FIELD})(,({_FIELD})){{0,{len(_FIELDS) - 1}}}"),
        description="only these of each device, with commas between them",
        extra={"words": f"some of {', '.join(_FIELDS)}, with commas between"},
    ),
]


class DeviceQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which devices to list: those that meet all that is given."""

    limit: Annotated[int, Meta(ge=1, le=LONGEST_LIST, description="how many at most")] = 100
    offset: Annotated[int, Meta(ge=0, le=LAST_OFFSET, description="how many to skip")] = 0
    device_type: OfType | UnsetType = UNSET
    status: Annotated[Status, Meta(description="only these")] | UnsetType = UNSET
    location: AtLocation | UnsetType = UNSET
    name: (
        Annotated[
            str,
            Meta(max_length=NAME_LENGTH, description="names with this in them, in any case"),
        ]
        | UnsetType
    ) = UNSET
    id_prefix: (
        Annotated[
            str, Meta(pattern=whole(ID_PATTERN), description="what ids begin with", extra=ID_WORDS)
        ]
        | UnsetType
    ) = UNSET
    sort: Sort | UnsetType = UNSET
    fields: Fields | UnsetType = UNSET
