"""Count what InfluxDB has stored: version 1 by InfluxQL, version 2 by Flux, over HTTP."""

import csv
from collections.abc import Collection, Iterator

import httpx
import msgspec
from attrs import field, frozen

from iotmock.soak.stores.stored import Span, StoreAwayError, StoreRefusedError

_PATIENCE_S = 60.0
_LONGEST_REASON = 200
_MOST_NAMES = 500
"""Beyond, a query that names devices is slower than one for all."""


class _Series(msgspec.Struct):
    tags: dict[str, str]
    values: list[tuple[object, int]]


class _Result(msgspec.Struct):
    series: list[_Series] = []
    error: str | None = None
    partial: bool = False


class _Answer(msgspec.Struct):
    results: list[_Result]


@frozen
class InfluxV1:
    """`POST /query` of InfluxDB 1.x, with user and password if it asks for them."""

    url: str
    database: str
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    measurement: str = "energy"
    device_tag: str = "device_id"
    counted_field: str = "power"

    @property
    def name(self) -> str:
        """See `Store.name`."""
        return f"InfluxDB 1 at {_plain(self.url)}, database {self.database}"

    async def count(self, span: Span, devices: Collection[str] | None = None) -> dict[str, int]:
        """See `Store.count`."""
        auth = (self.username, self.password or "") if self.username is not None else None
        request = httpx.Request(
            "POST",
            _path(self.url, "query"),
            data={"db": self.database, "q": self._query(span, _few(devices))},
        )
        return self._counts(await _ask(self.name, request, auth))

    def _query(self, span: Span, devices: Collection[str]) -> str:
        tag = _identifier(self.device_tag)
        some = " OR ".join(f"{tag} = {_literal(device)}" for device in devices)
        return (
            f"SELECT COUNT({_identifier(self.counted_field)}) "  # noqa: S608 - quoted
            f"FROM {_identifier(self.measurement)} "
            f"WHERE time >= {_ns(span.begin)} AND time < {_ns(span.end)}"
            f"{f' AND ({some})' if some else ''} GROUP BY {tag}"
        )

    def _counts(self, answer: bytes) -> dict[str, int]:
        try:
            (result,) = msgspec.json.decode(answer, type=_Answer).results
        except (msgspec.DecodeError, ValueError) as error:
            raise _no_influx(self.name) from error
        if result.error is not None:
            raise StoreRefusedError(f"{self.name}: {result.error[:_LONGEST_REASON]}")
        if result.partial:
            text = "cut its answer; raise its [http] max-row-limit, or give verify.influx.devices"
            raise StoreRefusedError(f"{self.name}: it {text}")
        return {one.tags[self.device_tag]: one.values[0][1] for one in result.series}


@frozen
class InfluxV2:
    """`POST /api/v2/query` of InfluxDB 2.x, with a token."""

    url: str
    org: str
    bucket: str
    token: str | None = field(default=None, repr=False)
    measurement: str = "energy"
    device_tag: str = "device_id"
    counted_field: str = "power"

    @property
    def name(self) -> str:
        """See `Store.name`."""
        return f"InfluxDB 2 at {_plain(self.url)}, bucket {self.bucket}"

    async def count(self, span: Span, devices: Collection[str] | None = None) -> dict[str, int]:
        """See `Store.count`."""
        headers = {"Authorization": f"Token {self.token}"} if self.token is not None else {}
        request = httpx.Request(
            "POST",
            _path(self.url, "api/v2/query"),
            params={"org": self.org},
            headers={"Accept": "application/csv", **headers},
            json={
                "query": self._query(span, _few(devices)),
                "type": "flux",
                "dialect": {"annotations": [], "header": True},
            },
        )
        return self._counts((await _ask(self.name, request)).decode())

    def _query(self, span: Span, devices: Collection[str]) -> str:
        begin, end = (f"{moment:%Y-%m-%dT%H:%M:%S.%fZ}" for moment in span.as_datetimes())
        tag = _text(self.device_tag)
        some = " or ".join(f"r[{tag}] == {_text(device)}" for device in devices)
        return (
            f"from(bucket: {_text(self.bucket)}) |> range(start: {begin}, stop: {end})"
            f' |> filter(fn: (r) => r["_measurement"] == {_text(self.measurement)}'
            f' and r["_field"] == {_text(self.counted_field)}{f" and ({some})" if some else ""})'
            f" |> group(columns: [{tag}]) |> count() |> group()"
            f' |> keep(columns: [{tag}, "_value"])'
        )

    def _counts(self, answer: str) -> dict[str, int]:
        counts: dict[str, int] = {}
        for row in _rows(answer):
            if reason := row.get("error"):  # in the middle of an answer that began well
                raise StoreRefusedError(f"{self.name}: {reason[:_LONGEST_REASON]}")
            try:
                counts[row[self.device_tag]] = int(row["_value"])
            except (KeyError, ValueError) as error:
                raise _no_influx(self.name) from error
        return counts


def _rows(text: str) -> Iterator[dict[str, str]]:
    """Yield the rows of annotated CSV: tables apart by an empty line, each with its own header."""
    header: list[str] | None = None
    for cells in csv.reader(text.splitlines()):
        if not any(cells):
            header = None
        elif cells[0].startswith("#"):
            continue
        elif header is None:
            header = cells
        else:
            yield dict(zip(header, cells, strict=False))


async def _ask(name: str, request: httpx.Request, auth: tuple[str, str] | None = None) -> bytes:
    """Return the body of the answer.

    Raises:
        StoreError: nobody answers, or with a refusal; its text holds no header and no URL.
    """
    try:
        async with httpx.AsyncClient(timeout=_PATIENCE_S) as client:
            answer = await client.send(request, auth=auth)
    except httpx.HTTPError as error:
        reason = str(error) or type(error).__name__
        raise StoreAwayError(f"{name} does not answer: {reason}") from error
    if answer.status_code in {401, 403}:
        raise StoreRefusedError(f"{name} refuses: are user and password, or the token, right?")
    if not answer.is_success:
        kind = StoreAwayError if answer.is_server_error else StoreRefusedError
        reason = answer.text.strip()[:_LONGEST_REASON]
        raise kind(f"{name} answers {answer.status_code}: {reason}")
    return answer.content


def _no_influx(name: str) -> StoreRefusedError:
    return StoreRefusedError(f"{name}: what answers is not InfluxDB, or not that version")


def _few(devices: Collection[str] | None) -> Collection[str]:
    return devices if devices is not None and len(devices) <= _MOST_NAMES else ()


def _path(url: str, path: str) -> str:
    return f"{url.rstrip('/')}/{path}"


def _plain(url: str) -> str:
    parsed = httpx.URL(url)
    return str(parsed.copy_with(userinfo=b"", query=None))


def _ns(moment: float) -> int:
    return round(moment * 1e6) * 1_000


def _identifier(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _text(value: str) -> str:
    # Flux strings know the escapes of JSON, and one more.
    return msgspec.json.encode(value).decode().replace("${", "\\${")
