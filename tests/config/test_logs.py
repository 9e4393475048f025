"""Log lines say what went wrong and where, and never what an exception or a task was told."""

import logging
import logging.config
import sys
from collections.abc import Iterator
from copy import deepcopy
from io import StringIO

import pytest
import structlog
from celery import Celery

from config.logs import LOGGING


@pytest.fixture
def lines() -> Iterator[StringIO]:
    """What the product's logging writes during a test."""
    root = logging.getLogger()
    before = (root.level, list(root.handlers))
    trace = logging.getLogger("celery.app.trace")
    filters = list(trace.filters)
    out, config = StringIO(), deepcopy(LOGGING)
    config["handlers"]["console"]["stream"] = out
    logging.config.dictConfig(config)
    yield out
    root.level, root.handlers[:] = before
    trace.filters[:] = filters


@pytest.mark.parametrize("given", ["true", "exception", "triple"])
def test_an_error_is_named_with_its_place_however_it_is_handed_in(lines: StringIO, given: str) -> None:
    try:
        raise ValueError("Kari Holm")
    except ValueError as error:
        info = {"true": True, "exception": error, "triple": sys.exc_info()}[given]
        structlog.get_logger("here").error("handler_failed", exc_info=info)
    line = lines.getvalue()
    assert "error='ValueError'" in line
    assert "test_logs.py:" in line
    assert "Kari" not in line


def test_without_an_error_nothing_is_named(lines: StringIO) -> None:
    structlog.get_logger("here").warning("odd", exc_info=True)
    assert "error=" not in lines.getvalue()


def test_a_task_that_fails_tells_its_name_and_kind_only(lines: StringIO) -> None:
    app = Celery("here", broker="memory://", backend="cache+memory://")

    @app.task(name="here.fails")  # type: ignore[untyped-decorator]
    def fails(who: str) -> None:
        raise ValueError(f"no case for {who}")

    fails.apply(args=["Kari Holm"])
    line = lines.getvalue()
    assert "here.fails" in line
    assert "ValueError" in line
    assert "Kari" not in line


def test_what_a_provider_sends_back_is_masked(lines: StringIO) -> None:
    for path in ("/identity/eid/return?code=c0de&state=st4te", "/desk/login/sso/return?state=st4te&code=c0de&x=1"):
        structlog.get_logger("here").warning("seen", path=path)
    assert "c0de" not in lines.getvalue()
    assert "st4te" not in lines.getvalue()
