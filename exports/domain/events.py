"""What fulfilment and delivery announce."""

from dataclasses import dataclass

from requests_app.domain.events import Event, RequestEvent


@dataclass(frozen=True)
class TaskOpened(Event):
    """A connector has something to do."""

    task_id: int


@dataclass(frozen=True)
class OwnTaskWaits(Event):
    """The owner of a system, who has an account, has something to do."""

    task_id: int
    round_: int


@dataclass(frozen=True)
class BundleRequested(Event):
    """The package of an answer is to be built (again)."""

    dsr_id: int


@dataclass(frozen=True)
class RegisterChanged(Event):
    """A new version of the register is in force."""

    version: int


@dataclass(frozen=True)
class RegisterAdded(RequestEvent):
    """The case of a request is about a further register, whose systems have to be asked too."""


@dataclass(frozen=True)
class SearchFinished(RequestEvent):
    """Every system has said what it holds, and something has to be planned from that."""


@dataclass(frozen=True)
class ErasureDue(RequestEvent):
    """The time to take an approved deletion back is over."""


@dataclass(frozen=True)
class OrderDone(RequestEvent):
    """A vendor has carried out a deletion that it had only accepted."""


@dataclass(frozen=True)
class ErasureDone(RequestEvent):
    """Every system has said what became of the data that was to go."""
