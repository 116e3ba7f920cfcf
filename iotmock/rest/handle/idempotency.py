"""Idempotency-Key: a POST that is sent again under its key is answered again, not carried out."""

import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from hashlib import sha256
from typing import Any

import msgspec
import trio
from attrs import define, evolve, field, frozen
from msgspec import UNSET
from quart import request

from iotmock.actors.devices.changes import Changes
from iotmock.actors.errors import ActorError
from iotmock.rest.operation import Answer
from iotmock.rest.problems import Fault, InvalidRequestError, Problem, of_actor
from iotmock.wording.words import shown

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
LONGEST_KEY = 255
KEY_PATTERN = f"[!-~]{{1,{LONGEST_KEY}}}"
KEPT_S = 24 * 3600.0
MOST = 10_000
MOST_BYTES = 16 * 1024 * 1024

Do = Callable[[], Awaitable[Answer]]


@frozen
class _Kept:
    """An answer, and what was asked for."""

    until: float
    asked: bytes
    answer: Answer

    @property
    def size(self) -> int:
        content = self.answer.content
        return len(content) if isinstance(content, bytes) else 0


@define(eq=False)
class Idempotency:
    """The answers of what was carried out under a key: `MOST`, in `MOST_BYTES`, for `KEPT_S`.

    A request with a key is carried out by the owner of changes, to its end, also when its client
    hangs up: who sends it again wants to know what became of it. Those of one key follow each
    other. What was refused with an error is not kept: nothing was done, and it may be tried again.
    An error that says that it was done all the same is kept as a rejected command is.
    """

    changes: Changes
    _kept: OrderedDict[tuple[str, str], _Kept] = field(factory=OrderedDict)
    _bytes: int = 0

    async def answer(self, key: str, arguments: Mapping[str, Any], do: Do) -> Answer:
        """Return what was answered under this key on this path, or what `do` answers now.

        Raises:
            InvalidRequestError: the key is too long, or was used for something else.
            DeviceBusyError: too many requests of one key wait.
            Exception: what `do` raised.
        """
        if re.fullmatch(KEY_PATTERN, key) is None:
            form = (
                f"must be 1 to {LONGEST_KEY} characters of ASCII without spaces, not {shown(key)}"
            )
            raise InvalidRequestError([Fault(HEADER, form)])
        place, asked = (request.path, key), _digest(arguments)
        return await self.changes.ask(
            f"{request.path} {key}", partial(self._once, place, asked, do)
        )

    async def _once(self, place: tuple[str, str], asked: bytes, do: Do) -> Answer:
        kept = self._kept.get(place)
        if kept is not None and kept.until > trio.current_time():
            return _again(kept, asked)
        try:
            answer = _encoded(await do())
        except ActorError as error:
            if error.was_done:
                problem = of_actor(error)
                self._keep(place, asked, Answer(problem, problem.status))
            raise
        self._keep(place, asked, answer)
        return answer

    def _keep(self, place: tuple[str, str], asked: bytes, answer: Answer) -> None:
        self._forget(place)
        kept = self._kept[place] = _Kept(trio.current_time() + KEPT_S, asked, answer)
        self._bytes += kept.size
        while len(self._kept) > MOST or self._bytes > MOST_BYTES:
            self._forget(next(iter(self._kept)))

    def _forget(self, place: tuple[str, str]) -> None:
        if (kept := self._kept.pop(place, None)) is not None:
            self._bytes -= kept.size


def _again(kept: _Kept, asked: bytes) -> Answer:
    if kept.asked != asked:
        why = "was used for another request on this path; choose another key"
        raise InvalidRequestError([Fault(HEADER, why)])
    return evolve(kept.answer, headers={**kept.answer.headers, REPLAYED: "true"})


def _encoded(answer: Answer) -> Answer:
    """Return it as it goes out: what it tells of may have changed when it is sent again."""
    if answer.content is None or isinstance(answer.content, str | bytes | Problem):
        return answer
    return evolve(answer, content=msgspec.json.encode(answer.content))


def _digest(arguments: Mapping[str, Any]) -> bytes:
    given = {name: value for name, value in arguments.items() if value is not UNSET}
    return sha256(msgspec.json.encode(given, order="sorted")).digest()
