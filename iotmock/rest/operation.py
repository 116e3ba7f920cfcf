"""One row of the REST table: from it come the route and its place in the OpenAPI document."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Protocol

import msgspec
from attrs import Factory, field, frozen

from iotmock.rest.intake.bodies import JSON
from iotmock.rest.problems import Fault
from iotmock.rest.requests import Body


@frozen
class Answer:
    """What a handler answers: a value to be encoded as JSON, a text as it is, or nothing."""

    content: Any = None
    status: int = 200
    headers: dict[str, str] = Factory(dict)
    media_type: str | None = None
    """Where it is another than the operation's."""


class Handler(Protocol):
    """A method that answers; its name names the operation."""

    __name__: str

    def __call__(self, *args: Any, **kwargs: Any) -> Awaitable[Answer]:
        """Answer a request with its path parameters, `query` and `body`, by name."""
        ...


@frozen
class Operation:
    """A method on a path.

    `handler` gets the path's parameters by name, and `query` and `body` where their types are
    given. Its docstring is the description in the document. `problems` are the statuses of its
    errors beyond those that follow from the rest.
    """

    method: str
    path: str
    handler: Handler
    answer: Any
    status: int = 200
    query: type[msgspec.Struct] | None = field(default=None, kw_only=True)
    lists: tuple[str, ...] = field(default=(), kw_only=True)
    """Parameters of the query that may be there again; they are joined with commas."""
    body: type[Body] | None = field(default=None, kw_only=True)
    check: Callable[[Mapping[str, Any]], Iterable[Fault]] | None = field(default=None, kw_only=True)
    """Finds more faults in what could be read of a body; faulty parts in lists are mappings."""
    problems: tuple[int, ...] = field(default=(), kw_only=True)
    media_type: str = field(default=JSON, kw_only=True)
    media_types: tuple[str, ...] = field(default=(JSON,), kw_only=True)
    """What its body may call itself."""
    pages: bool = field(default=False, kw_only=True)
    """Whether it answers with `Link`."""
    tagged: bool = field(default=False, kw_only=True)
    """Whether it answers with `ETag`."""
    conditions: Mapping[str, str] = field(factory=dict, kw_only=True)
    """The headers that it heeds as conditions, and what they mean; unmet, it answers 412."""
    is_open: bool = field(default=False, kw_only=True)
    """Whether it is answered without the token, where there is one."""

    @property
    def name(self) -> str:
        """The name of the handler, which is unique."""
        return self.handler.__name__

    @property
    def documented_path(self) -> str:
        """Its path as the document writes it; it knows no parameters with slashes in them."""
        return self.path.replace("<path:", "<").replace("<", "{").replace(">", "}")
