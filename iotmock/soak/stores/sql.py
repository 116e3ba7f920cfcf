"""Count what a database has stored: any that SQLAlchemy speaks to, with a query of the user's."""

from collections.abc import Collection
from functools import partial
from pathlib import Path
from typing import Any

import trio
from attrs import field, frozen
from sqlalchemy import URL, DateTime, Engine, Float, String, bindparam, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import NullPool
from sqlalchemy.sql.elements import TextClause
from sqlalchemy.types import TypeEngine

from iotmock.soak.stores.stored import Span, StoreAwayError, StoreRefusedError
from iotmock.wording.quoted import quoted

_LONGEST_REASON = 200
_UTC = DateTime(timezone=True)


@frozen
class SqlStore:
    """`query` returns rows of device id and count.

    It may use `:begin` and `:end` (date and time, UTC), `:begin_s` and `:end_s` (Unix s), and
    `:begin_text` and `:end_text` (as in a data message, for columns that hold its text).
    """

    url: str = field(repr=False)
    query: str

    @property
    def name(self) -> str:
        """See `Store.name`."""
        try:
            return make_url(self.url).set(query={}).render_as_string(hide_password=True)
        except (ArgumentError, ValueError):
            return "the database"

    async def count(self, span: Span, devices: Collection[str] | None = None) -> dict[str, int]:
        """See `Store.count`; the query is the user's and knows nothing of `devices`."""
        del devices
        # A driver may wait for ever; whoever cancels does not.
        return await trio.to_thread.run_sync(partial(self._count, span), abandon_on_cancel=True)

    def _count(self, span: Span) -> dict[str, int]:
        engine = self._engine()
        try:
            with engine.connect() as connection:
                rows = connection.execute(self._statement(span)).all()
        except OperationalError as error:
            # Drivers say the same of a server that is away and of a table that is not there.
            raise StoreAwayError(f"{self.name}: {_reason(error)}") from error
        except SQLAlchemyError as error:
            raise StoreRefusedError(f"{self.name}: {_reason(error)}") from error
        return dict(self._pair(row) for row in rows)

    def _engine(self) -> Engine:
        try:
            url = make_url(self.url)
            _check_file(url)
            return create_engine(url, poolclass=NullPool)
        except ModuleNotFoundError as error:
            text = f"{self.name} needs a driver: install the package of {error.name}"
            raise StoreRefusedError(text) from error
        except (ArgumentError, ValueError):  # whose texts may hold the password
            raise StoreRefusedError(
                "verify.sql.url is none that SQLAlchemy can use; "
                "give driver://user:password@host/database"
            ) from None

    def _statement(self, span: Span) -> TextClause:
        statement = text(self.query)
        used = statement.compile().params
        known = {name: bind for name, *bind in _parameters(span) if name in used}
        return statement.bindparams(
            *(bindparam(name, value, kind) for name, (value, kind) in known.items())
        )

    def _pair(self, row: Any) -> tuple[str, int]:
        try:
            device, count = row
            return str(device), int(count)
        except (TypeError, ValueError):
            wanted, shown = "rows of device id and count", str(tuple(row))[:_LONGEST_REASON]
            raise StoreRefusedError(
                f"{self.name}: verify.sql.query must return {wanted}, not {shown}"
            ) from None


def _check_file(url: URL) -> None:
    """Refuse a SQLite file that is not there, which asking would make."""
    name = url.database or ":memory:"
    is_file = url.get_backend_name() == "sqlite" and not name.startswith((":memory:", "file:"))
    if is_file and not Path(name).exists():
        raise StoreAwayError(f"there is no SQLite file {quoted(name)}")


def _parameters(span: Span) -> list[tuple[str, Any, TypeEngine[Any]]]:
    begin, end = span.as_datetimes()
    begin_text, end_text = (f"{moment:%Y-%m-%dT%H:%M:%S}Z" for moment in (begin, end))
    return [
        ("begin", begin, _UTC),
        ("end", end, _UTC),
        ("begin_s", span.begin, Float()),
        ("end_s", span.end, Float()),
        ("begin_text", begin_text, String()),
        ("end_text", end_text, String()),
    ]


def _reason(error: SQLAlchemyError) -> str:
    cause = getattr(error, "orig", None) or error
    return str(cause).partition("\n")[0][:_LONGEST_REASON]
