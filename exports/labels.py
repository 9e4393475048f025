"""The words for the values of this app's closed sets."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exports.connectors.base import Fault
from exports.domain.by_hand import NotTold
from exports.domain.enums import (
    LEFT_OVER,
    NOTHING_TO_SEARCH_BY,
    ORDER_FAILED,
    Measure,
    TaskAction,
    TaskMode,
    TaskState,
    VersionReason,
)
from exports.models import RegisterVersion, SystemTask

TASK_MODES: dict[str, Promise] = {
    TaskMode.AUTOMATIC: _("Automatic"),
    TaskMode.MANUAL: _("By hand"),
}

TASK_STATES: dict[str, Promise] = {
    TaskState.OPEN: pgettext_lazy("task", "Open"),
    TaskState.DONE: pgettext_lazy("task", "Data found"),
    TaskState.ACCEPTED: pgettext_lazy("task", "Ordered"),
    TaskState.NOT_FOUND: pgettext_lazy("task", "Nothing found"),
    TaskState.KEPT: pgettext_lazy("task", "Kept"),
    TaskState.FAILED: pgettext_lazy("task", "Failed"),
    TaskState.CALLED_OFF: pgettext_lazy("task", "Called off"),
}
# What became of an order to change something.
CHANGE_STATES: dict[str, Promise] = TASK_STATES | {
    TaskState.DONE: pgettext_lazy("task", "Done"),
    TaskState.NOT_FOUND: pgettext_lazy("task", "Nothing was left"),
}
# … and of one that takes nothing away.
ORDER_STATES: dict[str, Promise] = CHANGE_STATES | {
    TaskState.NOT_FOUND: pgettext_lazy("task", "Nothing to change"),
    TaskState.KEPT: pgettext_lazy("task", "Left as it is"),
}
NOTICE_STATES: dict[str, Promise] = TASK_STATES | {
    TaskState.DONE: pgettext_lazy("task", "Told"),
    TaskState.KEPT: pgettext_lazy("task", "Not told"),
}

TASK_ACTIONS: dict[str, Promise] = {
    TaskAction.READ: pgettext_lazy("task", "Search"),
    TaskAction.RECTIFY: pgettext_lazy("task", "Correct"),
    TaskAction.ERASE: pgettext_lazy("task", "Delete"),
    TaskAction.ANONYMISE: pgettext_lazy("task", "Make anonymous"),
    TaskAction.RESTRICT: pgettext_lazy("task", "Restrict"),
    TaskAction.UNRESTRICT: pgettext_lazy("task", "Take back into use"),
    TaskAction.WITHDRAW: pgettext_lazy("task", "Stop marketing"),
    TaskAction.NOTIFY: pgettext_lazy("task", "Tell the recipient"),
    TaskAction.RESUME: pgettext_lazy("task", "Allow marketing again"),
}

NOT_TOLD: dict[str, Promise] = {
    NotTold.IMPOSSIBLE: _("It is impossible"),
    NotTold.DISPROPORTIONATE: _("It takes disproportionate effort"),
}

OVERDUE = pgettext_lazy("task", "Overdue")
CANNOT_IDENTIFY = pgettext_lazy("task", "Cannot be recognised")

FAULTS: dict[str, Promise] = {
    Fault.UNREACHABLE: _("The system cannot be reached."),
    Fault.LOCKED: _("The system is busy or locked."),
    Fault.TIMEOUT: _("The system did not answer in time."),
    Fault.DENIED: _("The system refuses us access."),
    Fault.MISSING_COLLECTION: _("The system lacks a table that its description names."),
    Fault.MISSING_FIELD: _("The system lacks a field that its description names."),
    Fault.BAD_SETTINGS: _("The settings of the system cannot be used."),
    Fault.BAD_DATASET: _("The description of the system has an error."),
    Fault.REFUSED: _("The system answered with an error."),
    Fault.INCOMPLETE: _("The search was cut short, so nothing was changed."),
    Fault.NOT_THEIRS: _("The row does not belong to the person, or to others as well."),
    Fault.READ_ONLY: _("This field must not be changed."),
    Fault.WRONG_TYPE: _("The field does not take this kind of value."),
    Fault.CHANGED_MEANWHILE: _("Somebody has changed the value in the system meanwhile."),
    Fault.STILL_NEEDED: _("Other rows in the system still refer to the rows that should go."),
    Fault.NO_WAY: _("The description of the system does not say how this is done."),
    NOTHING_TO_SEARCH_BY: _("The case holds nothing that this system can be searched by."),
    LEFT_OVER: _("The second look-up still found something."),
    ORDER_FAILED: _("The vendor has not carried out what was ordered."),
}

MEASURES: dict[str, Promise] = {
    Measure.DELETE: _("Delete"),
    Measure.ANONYMISE: _("Make anonymous"),
    Measure.KEEP: _("Keep"),
    Measure.RESTRICT: _("Only store"),
}

VERSION_REASONS: dict[str, Promise] = {
    VersionReason.LOADED: _("Taken from the file"),
    VersionReason.EXAMPLES: _("Example values for the trial"),
    VersionReason.SET_UP: _("Answered at the set-up"),
}

WORDINGS: dict[str, Promise] = {
    "empty": _("Write something in both languages."),
    "says_nothing": _("“Unknown” answers nothing. Leave the field as it is until you know."),
    "too_long": _("The text is too long for the register: at most 2,000 characters."),
    "unprintable": _("The text holds a character that cannot be printed. Write it anew or paste it as plain text."),
}

FILL_ERRORS: dict[str, Promise] = {
    "no_such_field": _("The register has no such field."),
    "no_conflict": _("There is nothing left to settle here."),
    "already_known": _("The register knows this already."),
    "wrong_type": _("This field takes another kind of value."),
    "needs_words": _("A bare yes answers nothing: write what it means."),
    "no_such_id": _("The register does not know one of the entries."),
    "empty": _("Give at least one entry."),
    "not_final": _("Write the real value, not an example."),
    "says_nothing": _("“Unknown” answers nothing. Leave the field as it is until you know."),
}


def task_state(task: SystemTask) -> Promise:
    """Return how a task stands, in words."""
    if task.cannot_identify:
        return CANNOT_IDENTIFY
    return states_of(TaskAction(task.action))[task.state]


def states_of(action: TaskAction) -> dict[str, Promise]:
    """Return the words for how a task of this kind can stand."""
    match action:
        case TaskAction.READ:
            return TASK_STATES
        case TaskAction.NOTIFY:
            return NOTICE_STATES
        case TaskAction.ERASE | TaskAction.ANONYMISE:
            return CHANGE_STATES
    return ORDER_STATES


def fault(code: str) -> Promise | str:
    """Return why a system did not answer, in a sentence; nothing for no fault."""
    return FAULTS.get(code, _("Something went wrong.")) if code else ""


def version_reason(row: RegisterVersion) -> Promise | str:
    """Return why a version of the register was made: somebody's own words, or ours for what no person made."""
    theirs = row.created_by_id and row.reason not in (VersionReason.SET_UP, VersionReason.LOADED)
    return row.reason if theirs else VERSION_REASONS.get(row.reason, row.reason)


_FILES: dict[str, Promise] = {
    "data.json": _("All the data, for programs"),
    "portability.json": _("Your data to take along, for another service"),
    "field_guide.csv": _("What the fields mean"),
}


def package_file(name: str) -> Promise:
    """Return what a file of an answer is, by its name in the package."""
    if name.startswith("tables/"):
        return _("A table, for spreadsheets")
    if name.startswith("documents/"):
        return _("A document that belongs to the answer")
    if name in _FILES:
        return _FILES[name]
    return _("The list of files, with their checksums") if name == "manifest.json" else _("The answer")
