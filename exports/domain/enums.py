"""The closed sets of exports."""

from enum import StrEnum


class TaskAction(StrEnum):
    """What is to be done in a system; the values are those of the verbs, and two that only a person does.

    `notify`: tell a recipient of the data what was done, so that it does the same (Art. 19). `resume`: undo what
    `withdraw` did, for the person has taken it back.
    """

    READ = "read"
    RECTIFY = "rectify"
    ERASE = "erase"
    ANONYMISE = "anonymise"
    RESTRICT = "restrict"
    UNRESTRICT = "unrestrict"
    WITHDRAW = "withdraw"
    NOTIFY = "notify"
    RESUME = "resume"


RECIPIENT = "recipient:"
"""How the `system` of a `notify` task begins: it names a recipient of the register, no system."""


class TaskMode(StrEnum):
    """Whether a connector does it or a person."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"


class TaskState(StrEnum):
    """How a task in a system stands; only `open` and `failed` still owe an answer.

    `called_off`: it need not be done any more, and was not.
    """

    OPEN = "open"
    DONE = "done"
    ACCEPTED = "accepted"
    NOT_FOUND = "not_found"
    KEPT = "kept"
    FAILED = "failed"
    CALLED_OFF = "called_off"


class Measure(StrEnum):
    """What becomes of the data of one activity when a person wants it deleted."""

    DELETE = "delete"
    ANONYMISE = "anonymise"
    KEEP = "keep"
    RESTRICT = "restrict"


SILENT: frozenset[TaskState] = frozenset({TaskState.OPEN, TaskState.FAILED})


NOTHING_TO_SEARCH_BY = "nothing_to_search_by"
"""Why an automatic task failed that no connector reports: the case holds nothing the system can be searched by."""


LEFT_OVER = "left_over"
"""Why a deletion failed that the system carried out: the second look-up still found something."""


ORDER_FAILED = "order_failed"
"""Why a deletion failed that a vendor had accepted: somebody looked, and it was not carried out."""


class VersionReason(StrEnum):
    """Why a version of the register exists for which nobody gave a reason of their own."""

    LOADED = "loaded"
    EXAMPLES = "examples"
    SET_UP = "set-up"
