"""`manage.py lifecycle_doc`: docs/lifecycle.md, drawn from the transition table."""

from collections.abc import Iterator

from requests_app.domain.lifecycle import TRANSITIONS, Transition
from requests_app.management.drawn_page import DrawnPage


class Command(DrawnPage):
    """Write the page, or print it."""

    help = "Write docs/lifecycle.md from the transition table."
    name = "lifecycle"

    def lines(self) -> Iterator[str]:
        """Yield the lines of the page."""
        return lines()


def lines() -> Iterator[str]:
    """Yield the lines of the page."""
    yield "# The life of a request"
    yield ""
    yield "Drawn from `requests_app/domain/lifecycle.py` by `manage.py lifecycle_doc`; do not edit."
    yield ""
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield "    [*] --> received"
    yield from (f"    {t.source} --> {t.target}: {t.action}" for t in TRANSITIONS)
    yield "    closed --> [*]"
    yield "```"
    yield ""
    yield "| from | action | to | who may | what must hold | event |"
    yield "|---|---|---|---|---|---|"
    yield from map(_row, TRANSITIONS)


def _row(t: Transition) -> str:
    who = sorted(t.roles) + (["the system"] if t.system else [])
    holds = [guard.__name__.replace("_", " ") for guard in t.guards] + (["a reason is given"] if t.needs_note else [])
    event = t.emits.__name__ if t.emits else ""
    return f"| {t.source} | {t.action} | {t.target} | {', '.join(who)} | {', '.join(holds)} | {event} |"
