"""The stores of `[verify]`: are they there, and have they what was sent? For the runner.

Before the run `await ask_stores(scenario.verify)`, which says at once what would not work; after
it, `await check_stores(...)`, whose answers go into `RunResult.store_checks`: verdict and report
read them there.
"""

import os
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from importlib import import_module

import trio
from attrs import frozen

from iotmock.files.text_file import is_utf_8
from iotmock.soak.report.measures import StoreCheck
from iotmock.soak.scenario.expectations import Influx, Sql, Verify
from iotmock.soak.stores.influx import InfluxV1, InfluxV2
from iotmock.soak.stores.missing_when import Search
from iotmock.soak.stores.sent import SentBy
from iotmock.soak.stores.stored import (
    Comparison,
    Sent,
    Span,
    Store,
    StoreAwayError,
    StoreError,
    StoreRefusedError,
)

PATIENCE_S = 60.0
"""How long one answer may take."""
_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 2.0
_NO_SQLALCHEMY = "[verify.sql] needs SQLAlchemy: pip install 'iotmock[sql]'"


async def ask_stores(verify: Verify, environment: Mapping[str, str] = os.environ) -> None:
    """Ask each store for nothing much, so that a run does not find out at its end.

    Raises:
        StoreError: one is away, refuses, or a variable with a secret is not set: exit code 2.
    """
    now = time.time()
    for watched in _watched(verify, environment):
        await watched.count(Span.around(now, now))


async def check_stores(
    verify: Verify,
    sent: Mapping[str, int],
    begin: float,
    end: float,
    *,
    spoiled: Mapping[str, int] | None = None,
    moments: Iterable[SentBy] = (),
    environment: Mapping[str, str] = os.environ,
) -> list[StoreCheck]:
    """Return what each store of `[verify]` has of what was sent; ask until all is there or `wait`.

    Call it once the last message has arrived. An empty list if the scenario names no store. A store
    that can not be asked makes a check with `error`, and the run invalid.

    Args:
        verify: of the scenario, with its secrets.
        sent: how many messages each device sent (`Numbering.counts`, of all workers).
        begin: the timestamp of the first message, Unix s; of simulated time if that runs apart.
        end: the timestamp of the last one.
        spoiled: how many of a device's messages went out with a mark of a fault
            (`Numbering.marked`); whether these are stored does not matter.
        moments: of a `SentOverTime` that was told the counts each second; with them the worst
            devices come with the time ranges in which messages are missing.
        environment: where variables with secrets are looked up.

    Raises:
        StoreError: a variable with a secret is not set.
    """
    every = Sent(sent, spoiled or {})
    # A platform may note when a message came, which is after it was due.
    span = Span.around(begin, max(end, time.time()))
    kept, stores = list(moments), list(_watched(verify, environment))
    checks: dict[str, StoreCheck] = {}

    async def check(store: _Watched) -> None:
        checks[store.name] = await store.check(every.sample(store.devices), span, kept)

    async with trio.open_nursery() as nursery:
        for store in stores:
            nursery.start_soon(check, store)
    return [checks[store.name] for store in stores]


@frozen
class _Watched:
    """A store with how long it may take (`wait`, s) and how many devices are looked up."""

    store: Store
    wait: float
    devices: int | None

    @property
    def name(self) -> str:
        return self.store.name

    async def check(self, sent: Sent, span: Span, moments: list[SentBy]) -> StoreCheck:
        try:
            found = await self._settled(sent, span)
            where = await self._where(found, span, moments)
        except StoreError as error:
            return StoreCheck(store=self.name, devices=len(sent.counts), error=str(error))
        return found.check(self.name, where)

    async def _settled(self, sent: Sent, span: Span) -> Comparison:
        """Ask until nothing is missing or `wait` is over, and then once more."""
        names = None if self.devices is None else list(sent.counts)
        deadline, pause = trio.current_time() + self.wait, _FIRST_PAUSE_S
        while True:
            is_last = trio.current_time() >= deadline
            try:
                found = Comparison(sent, await self.count(span, names))
                if is_last or not found.missing:
                    return found
            except StoreAwayError:
                if is_last:
                    raise
            await trio.sleep_until(min(deadline, trio.current_time() + pause))
            pause = min(2 * pause, _LONGEST_PAUSE_S)

    async def _where(
        self, found: Comparison, span: Span, moments: list[SentBy]
    ) -> Mapping[str, list[Span]]:
        sought = [one for one in found.worst() if one.missing]
        if not (sought and moments):
            return {}
        return await Search(self, span, moments).run(sought)

    async def count(self, span: Span, devices: Collection[str] | None = None) -> dict[str, int]:
        """See `Store.count`; none may keep us waiting for ever."""
        with trio.move_on_after(PATIENCE_S):
            return await self.store.count(span, devices)
        raise StoreAwayError(f"{self.name} does not answer within {PATIENCE_S:g} s")


def _watched(verify: Verify, environment: Mapping[str, str]) -> Iterator[_Watched]:
    if (influx := verify.influx) is not None:
        yield _Watched(_influx(influx, environment), influx.wait, influx.devices)
    if (sql := verify.sql) is not None:
        yield _Watched(_sql(sql, environment), sql.wait, sql.devices)


def _influx(table: Influx, environment: Mapping[str, str]) -> Store:
    where = (table.measurement, table.device_tag, table.field)
    if table.version == 1:
        password = _secret(
            "verify.influx.password_env", table.password, table.password_env, environment
        )
        return InfluxV1(table.url, table.database or "", table.username, password, *where)
    token = _secret("verify.influx.token_env", table.token, table.token_env, environment)
    return InfluxV2(table.url, table.org or "", table.bucket or "", token, *where)


def _sql(table: Sql, environment: Mapping[str, str]) -> Store:
    url = _secret("verify.sql.url_env", table.url, table.url_env, environment) or ""
    try:
        made: Store = import_module("iotmock.soak.stores.sql").SqlStore(url, table.query)
    except ModuleNotFoundError as error:
        raise StoreRefusedError(_NO_SQLALCHEMY) from error
    return made


def _secret(
    key: str, value: str | None, variable: str | None, environment: Mapping[str, str]
) -> str | None:
    if variable is None:
        return value
    if not environment.get(variable):
        raise StoreRefusedError(f"{key}: the variable {variable} is not set")
    if not is_utf_8(environment[variable]):
        raise StoreRefusedError(f"{key}: the variable {variable} is not UTF-8")
    return environment[variable]
