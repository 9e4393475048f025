"""How a task may end when a person does it: which outcomes each action has, and what each of them has to say.

What a deletion changes is answered in its own way, by its plan.
"""

from enum import StrEnum

from .enums import TaskAction, TaskState

_CHANGED = (TaskState.DONE, TaskState.ACCEPTED, TaskState.NOT_FOUND, TaskState.KEPT)

OUTCOMES: dict[TaskAction, tuple[TaskState, ...]] = {
    TaskAction.READ: (TaskState.DONE, TaskState.NOT_FOUND),
    TaskAction.RECTIFY: _CHANGED,
    TaskAction.RESTRICT: _CHANGED,
    # That a restriction ends is decided before the systems are asked.
    TaskAction.UNRESTRICT: (TaskState.DONE, TaskState.ACCEPTED, TaskState.NOT_FOUND),
    # A withdrawal cannot be refused (Art. 7(3), 21(3)), so nothing is kept going.
    TaskAction.WITHDRAW: (TaskState.DONE, TaskState.ACCEPTED, TaskState.NOT_FOUND),
    TaskAction.RESUME: (TaskState.DONE, TaskState.NOT_FOUND),
    # Told, or not told with the reason (Art. 19).
    TaskAction.NOTIFY: (TaskState.DONE, TaskState.KEPT),
}

CHANGING = frozenset({TaskAction.RECTIFY, TaskAction.RESTRICT})
"""What every recipient of the data has to be told of (Art. 19)."""


class NotTold(StrEnum):
    """Why a recipient need not be told; Art. 19 knows no other reason."""

    IMPOSSIBLE = "impossible"
    DISPROPORTIONATE = "disproportionate"
