"""Log lines: events with ids. Paths that hold tokens and messages of exceptions never reach a line."""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

_SECRET_PATH = re.compile(r"(/(?:s|i|u|undo|invite|identity|task)/)[^/\s]+")
_SECRET_QUERY = re.compile(r"([?&](?:code|state)=)[^&\s]+")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")


def without_secrets(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask tokens in addresses and anything that looks like an address, in every value of a line."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = _ADDRESS.sub(
                "[address]", _SECRET_QUERY.sub(r"\1[token]", _SECRET_PATH.sub(r"\1[token]", value))
            )
    return event


def where_only(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace a traceback by its kind and places: database errors quote the row they failed on."""
    error = _error(event.pop("exc_info", None))
    if error is not None:
        frames = traceback.extract_tb(error.__traceback__)
        event["error"] = type(error).__name__
        event["at"] = " < ".join(f"{f.filename.rsplit('/', 2)[-1]}:{f.lineno}" for f in reversed(frames[-6:]))
    event.pop("stack_info", None)
    return event


def _error(given: object) -> BaseException | None:
    """The exception that `exc_info` of a line means: itself, its triple, or (any other true value) the present one."""
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple):
        return given[1] if isinstance(given[1], BaseException) else None
    return sys.exc_info()[1] if given else None


class _NoMessages(logging.Filter):
    """Name the task and what became of it: Celery writes the exception's message and the arguments into its line."""

    def filter(self, record: logging.LogRecord) -> bool:
        data = getattr(record, "data", None)
        known = data if isinstance(data, dict) else {}
        record.msg, record.args = "task %s %s", (known.get("name", ""), known.get("description", "went wrong"))
        return True


class _NoArguments(logging.Filter):
    """Keep the request object out of the record: its repr holds the path."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.__dict__.pop("request", None)
        return True


class _NotTheHealth(logging.Filter):
    """Keep "Service Unavailable: /healthz" out: who asks reads the answer, and asks often."""

    def filter(self, record: logging.LogRecord) -> bool:
        return getattr(getattr(record, "request", None), "path", "") != "/healthz"


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "no_arguments": {"()": _NoArguments},
        "not_the_health": {"()": _NotTheHealth},
        "no_messages": {"()": _NoMessages},
    },
    "formatters": {
        "plain": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": [
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
            ],
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                where_only,
                without_secrets,
                structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
            ],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["no_arguments"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.request": {"filters": ["not_the_health"]},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        "celery.app.trace": {"level": "WARNING", "filters": ["no_messages"]},
        "celery.beat": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},  # its lines hold whole addresses
        "imapclient": {"level": "WARNING"},
        "msal": {"level": "CRITICAL"},  # it quotes answers of the token server; we say ourselves what became of them
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
    },
}

structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)
