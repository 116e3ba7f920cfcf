"""Which devices there are: by what clients were told, by REST, by the file, in the next life."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import trio
from attrs import frozen

from tests.chaos.rest_load import Book

_PAGE = 1_000
_STEADY = {"ready", "failed"}


@frozen
class Roster:
    """Devices by REST when nothing changes any more; those with a prefix are of a fleet."""

    every: frozenset[str]
    prefixes: tuple[str, ...] = ()

    def against(self, book: Book) -> list[str]:
        """Return how it differs from what clients were told."""
        lacking = sorted(book.there - self.every)
        risen = sorted(book.gone & self.every)
        return [
            *(f"{name} was created and is not there" for name in lacking),
            *(f"{name} was deleted and is there" for name in risen),
        ]

    def against_file(self, file: Path) -> list[str]:
        """Return how the file of a service that has ended differs, but for fleets.

        Of a fleet's devices it has those alone that are not as its rule makes them.
        """
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
            kept = {row[0] for row in db.execute("SELECT device_id FROM devices")}
        return _differences(self._singles(self.every), self._singles(kept), "the state file")

    def _singles(self, names: Iterable[str]) -> frozenset[str]:
        return frozenset(name for name in names if not name.startswith(self.prefixes))

    def against_next(self, later: "Roster") -> list[str]:
        """Return how the next life differs."""
        return _differences(self.every, later.every, "the next life")


def _differences(of_rest: frozenset[str], other: frozenset[str], where: str) -> list[str]:
    return [
        *(f"{name} is not in {where}" for name in sorted(of_rest - other)),
        *(f"{name} is in {where} and not in REST" for name in sorted(other - of_rest)),
    ]


async def read_roster(http: httpx.AsyncClient) -> Roster:
    """Return the devices, once fleets have done what they were told."""
    fleets = await _settled_fleets(http)
    names: set[str] = set()
    while page := await _page(http, len(names)):
        names |= page
    return Roster(frozenset(names), tuple(f"{fleet['name']}-" for fleet in fleets))


async def _settled_fleets(http: httpx.AsyncClient) -> list[Any]:
    while True:
        fleets: list[Any] = (await http.get("/api/v1/fleets")).json()["fleets"]
        if all(fleet["state"] in _STEADY for fleet in fleets):
            return fleets
        await trio.sleep(0.1)


async def _page(http: httpx.AsyncClient, offset: int) -> set[str]:
    answer = await http.get("/api/v1/devices", params={"limit": _PAGE, "offset": offset})
    return {device["device_id"] for device in answer.json()["devices"]}
