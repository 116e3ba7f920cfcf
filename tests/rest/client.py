"""How the tests speak to the application."""

from collections.abc import Mapping
from typing import Any

import msgspec
from attrs import define, frozen
from quart_trio import QuartTrio
from quart_trio.testing import TrioClient
from werkzeug.datastructures import Headers


@frozen
class Got:
    """An answer; `content` is the decoded JSON, or None where there is no body."""

    status: int
    headers: Headers
    body: bytes

    @property
    def content(self) -> Any:
        return msgspec.json.decode(self.body) if self.body else None

    @property
    def media_type(self) -> str | None:
        return self.headers.get("Content-Type")

    @property
    def faulty(self) -> list[str]:
        """The fields that the problem names."""
        return [fault["field"] for fault in self.content["errors"]]


@define(eq=False)
class Client:
    """A client of one application."""

    app: QuartTrio

    async def send(
        self,
        method: str,
        path: str,
        json: object = None,
        *,
        data: bytes | None = None,
        content_type: str | None = "application/json",
        headers: Mapping[str, str] | Headers | None = None,
    ) -> Got:
        body = msgspec.json.encode(json) if json is not None else data
        typed = Headers(headers or {})
        if body is not None and content_type is not None:
            typed.setdefault("Content-Type", content_type)
        client = TrioClient(self.app)
        response = await client.open(path, method=method, data=body, headers=typed)
        return Got(response.status_code, response.headers, await response.get_data(as_text=False))

    async def get(self, path: str) -> Got:
        return await self.send("GET", path)

    async def post(self, path: str, json: object = None) -> Got:
        return await self.send("POST", path, json)

    async def put(self, path: str, json: object) -> Got:
        return await self.send("PUT", path, json)

    async def delete(self, path: str) -> Got:
        return await self.send("DELETE", path)
