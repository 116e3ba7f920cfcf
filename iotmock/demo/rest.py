"""The demo's service, asked as any client would ask it: over HTTP."""

from typing import Any

import httpx
from attrs import define

_PATIENCE_S = 30.0


class RestError(Exception):
    """The service answered with a refusal."""


@define(eq=False)
class Rest:
    """A service at an address."""

    url: str

    async def get(self, path: str) -> Any:
        """Return what is at a path."""
        return await self._ask("GET", path, None)

    async def post(self, path: str, body: object) -> Any:
        """Send a body and return the answer."""
        return await self._ask("POST", path, body)

    async def _ask(self, method: str, path: str, body: object) -> Any:
        # The proxies of the environment are for other hosts than this one.
        async with httpx.AsyncClient(timeout=_PATIENCE_S, trust_env=False) as client:
            answer = await client.request(method, self.url + path, json=body)
        if answer.is_error:
            raise RestError(f"{method} {path}: {answer.status_code}: {answer.text}")
        return answer.json()
