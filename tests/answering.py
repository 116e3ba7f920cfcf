"""The other side of `tests/foreign.py`: runs on any interpreter, and knows nothing of iotmock."""

import asyncio
import json
import logging
import sys
import threading
import traceback
from typing import Any


class Complaints(logging.Handler):
    """What the log says from WARNING on."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(f"{record.name}: {record.getMessage()}")


def complaints() -> Complaints:
    """Listen to the log from now on."""
    handler = Complaints()
    logging.getLogger().addHandler(handler)
    return handler


async def answer(inside: Any) -> None:
    """Have the methods of `inside` answer until nobody asks any more."""
    lines: asyncio.Queue[str] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(lines.put_nowait, line)
        loop.call_soon_threadsafe(lines.put_nowait, "")

    threading.Thread(target=read, daemon=True).start()
    while line := await lines.get():
        sys.stdout.write(json.dumps(await _answered(inside, json.loads(line)), default=str) + "\n")
        sys.stdout.flush()


async def _answered(inside: Any, question: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"answer": await getattr(inside, question["do"])(**question.get("with", {}))}
    except Exception:
        return {"error": f"{traceback.format_exc()} {inside.complaints.said}"}
