"""How log lines look: for a person at a terminal, or JSON for a collector."""

import logging
import sys

import structlog
import trio

from iotmock.log.limit import LimitedHandler

_LOOKS_EVERY_S = 5.0


async def say_what_was_held_back(handler: LimitedHandler) -> None:
    """Write what was held back when its minute is over, until cancelled."""
    while True:
        await trio.sleep(_LOOKS_EVERY_S)
        handler.say_held()


def set_up_logging(level: str, style: str) -> LimitedHandler:
    """Send structlog's and the libraries' lines to standard error in one form, limited in rate."""
    shared: list[structlog.types.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = LimitedHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _without_kind,
                *_rendering(style),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    logging.getLogger("hypercorn.access").setLevel(logging.WARNING)
    return handler


def _without_kind(
    _logger: object, _method: str, facts: structlog.types.EventDict
) -> structlog.types.EventDict:
    """Leave out what tells complaints apart (`limit.py`) and a reader nothing."""
    facts.pop("kind", None)
    return facts


def _rendering(style: str) -> list[structlog.types.Processor]:
    if style == "json":
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    plain = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]
