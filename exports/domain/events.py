"""What fulfilment and delivery announce."""

from dataclasses import dataclass

from requests_app.domain.events import Event


@dataclass(frozen=True)
class TaskOpened(Event):
    """A connector has something to do."""

    task_id: int


@dataclass(frozen=True)
class BundleRequested(Event):
    """The package of an answer is to be built (again)."""

    dsr_id: int


@dataclass(frozen=True)
class RegisterChanged(Event):
    """A new version of the register is in force."""

    version: int
