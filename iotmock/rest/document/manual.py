"""The documentation site at `/manual/`, as far as it was built."""

from http import HTTPStatus

import trio
from quart import abort

from iotmock.manual.site import FIRST, Part, is_built, read_part
from iotmock.rest.operation import Answer
from iotmock.rest.problems import Problem

MANUAL = "/manual"
MANUAL_FOLDER = f"{MANUAL}/"
_NOT_BUILT = (
    "The manual is not part of this installation: `make docs` in the source builds it. "
    "The same pages are in the source's folder docs/."
)


async def lead_to_manual() -> Answer:
    """Answer its address without the slash, to which the site's links are relative."""
    return Answer(status=302, headers={"Location": MANUAL_FOLDER})


async def send_part(name: str = FIRST) -> Answer:
    """Answer one of its files."""
    part = await trio.to_thread.run_sync(read_part, name)
    if part is not None:
        return _answer(part)
    return abort(404) if is_built() else _not_built()


def _answer(part: Part) -> Answer:
    headers = {"Cache-Control": "max-age=3600", "X-Content-Type-Options": "nosniff"}
    if part.policy:
        headers |= {"Content-Security-Policy": part.policy, "Referrer-Policy": "no-referrer"}
    return Answer(part.content, media_type=part.media_type, headers=headers)


def _not_built() -> Answer:
    status = HTTPStatus.NOT_FOUND
    return Answer(Problem("about:blank", status.phrase, status, _NOT_BUILT))
