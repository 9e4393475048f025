"""The arithmetic of a deadline in the reader's language: one sentence per step of `domain.steps`."""

from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from requests_app.domain.clock import Interval, Ruling, Step, StepCode
from requests_app.domain.milestones import MilestoneKind
from requests_app.domain.steps import StepValue
from requests_app.domain.suspensions import TIME_TO_ASK
from requests_app.templatetags import ui

SENTENCES: dict[StepCode, Promise] = {
    StepCode.RECEIVED: _("Received on %(day)s. That day itself is not counted."),
    StepCode.MONTH_END: _("One month later is %(day)s."),
    StepCode.MONTH_END_CLAMPED: _(
        "One month later is %(day)s, the last day of its month, since that month has no day %(number)s."
    ),
    StepCode.MONTH_ROLLED: _("%(day)s is not a working day, so the month of the law ends on %(to)s."),
    StepCode.PROMISE: _("Our promise of %(days)s days ends on %(day)s. It is never moved to a working day."),
    StepCode.HARD_ALARM: _("Whatever happens, something with reasons must be out by %(day)s."),
    StepCode.SUSPENSION_COUNTED: _(
        "We asked on %(asked)s and had the answer on %(answered)s. Days that do not count: %(days)s."
    ),
    StepCode.SUSPENSION_OVERLAPS: _(
        "We asked on %(asked)s and had the answer on %(answered)s. Further days that do not count: %(days)s; "
        "an earlier question covers the others."
    ),
    StepCode.SUSPENSION_OPEN: _("We asked on %(asked)s and have no answer yet."),
    StepCode.SUSPENSION_ASKED_LATE: _(
        "We asked on %(asked)s. This does not stop the clock: it was more than %(limit)s days after the request or "
        "the last answer. %(latest)s would have been in time."
    ),
    StepCode.SUSPENSION_ASKED_AFTER_MONTH: _(
        "We asked on %(asked)s. This does not stop the clock: the first month was over after %(latest)s."
    ),
    StepCode.SUSPENDED_DAYS: _("Days that do not count, in all: %(days)s."),
    StepCode.PAUSED: _("The clock stands still. Until the person answers there is no due date, only the alarm."),
    StepCode.EXTENSION_VALID: _("Extended: the notice of %(notice)s went out in time (%(latest)s at the latest)."),
    StepCode.EXTENSION_LATE: _("Not extended: the notice of %(notice)s went out after %(latest)s."),
    StepCode.EXTENSION_END: _("Two further months end on %(day)s."),
    StepCode.EXTENSION_END_EARLIER: _(
        "Two further months end on %(day)s, the earlier of %(three_months)s (three months from the request) and "
        "%(month_and_two)s (the first month and two more)."
    ),
    StepCode.STATUTE_MOVED: _("With these days added, the time of the law ends on %(day)s."),
    StepCode.STATUTE_ROLLED: _("%(day)s is not a working day, so the time of the law ends on %(to)s."),
    StepCode.PROMISE_MOVED: _("With these days added, our promise ends on %(day)s."),
    StepCode.POLICY_BREACH: _("The notice of %(notice)s was lawful, but later than our promise of %(promise)s."),
    StepCode.BINDS_POLICY: _("Our promise counts: %(day)s. The law would allow until %(other)s."),
    StepCode.BINDS_STATUTE: _("The law counts: %(day)s. Our promise would allow until %(other)s."),
    StepCode.BINDS_BOTH: _("The law and our promise agree: %(day)s."),
    StepCode.BINDS_EXTENSION: _("The extension counts: %(day)s."),
    StepCode.BINDS_ALARM: _("The alarm is set for %(day)s. It is no due date, but something must be out by then."),
    StepCode.ACT_BY: _("Act by %(day)s, the last working day until then."),
    StepCode.END_INSTANT: _("An answer is too late from %(instant)s, when %(day)s is over."),
}

# What takes effect at once: what is done by which day, as a fact and as a line of the arithmetic.
AT_ONCE: dict[MilestoneKind, tuple[Promise, Promise]] = {
    MilestoneKind.STOP: (
        _("Stopped"),
        _("It takes effect at once; what came by e-mail on the next working day at the latest, %(day)s."),
    ),
    MilestoneKind.CONFIRM: (_("Person told"), _("The person is told at once too, by %(day)s at the latest.")),
    MilestoneKind.PROCESSORS: (
        _("Processors told"),
        _("Whoever processes the data for us is told within three working days, by %(day)s."),
    ),
}
DESERTED = _("On 24 and 31 December offices are empty, so act by %(day)s.")
NO_MONTH = _("No month is waited for, and no question stops the clock. What follows is only the last day of all.")

# Why the dates of a request were computed (again): `DeadlineHistory.cause`.
CAUSES: dict[str, Promise] = {
    "received": _("The request came in"),
    "receipt_corrected": _("The receipt was corrected"),
    "suspended:identity": _("We asked about identity"),
    "resumed:identity": _("Identity was confirmed, or the question taken back"),
    "suspended:clarification": _("We asked what the person wants to see"),
    "resumed:clarification": _("The person answered our question"),
    "extended": _("The time was extended"),
    "rule": _("The rule or the table of holidays changed"),
    "organisation": _("The settings of the organisation changed"),  # followed by the number of its version
}
_ASKED_TOO_LATE: dict[Ruling, Promise] = {
    Ruling.ASKED_LATE: _(
        "Not counted because it was asked after %(latest)s, more than %(limit)s days after the request or the last "
        "answer."
    ),
    Ruling.ASKED_AFTER_MONTH: _("Not counted because it was asked after %(latest)s, when the first month was over."),
}
_TOO_LATE_TO_ASK: dict[Ruling, Promise] = {
    Ruling.ASKED_LATE: _(
        "For that we would have had to ask by %(latest)s, at most %(limit)s days after the request or the last answer."
    ),
    Ruling.ASKED_AFTER_MONTH: _("For that we would have had to ask by %(latest)s, before the first month was over."),
}


def ruled(interval: Interval) -> str:
    """Return whether a question stopped the clock, and if not, why."""
    if interval.ruling in _ASKED_TOO_LATE:
        return _with_dates(_ASKED_TOO_LATE[interval.ruling], interval)
    if interval.answered is None:
        return gettext("Counted: the clock stands still until the answer.")
    return gettext("Counted. Days that it adds: %(days)s.") % {"days": interval.days_added}


def too_late(interval: Interval) -> str:
    """Return why a question would not stop the clock, for whoever is about to ask it; empty when it would."""
    return _with_dates(_TOO_LATE_TO_ASK[interval.ruling], interval) if interval.ruling in _TOO_LATE_TO_ASK else ""


def _with_dates(words: Promise, interval: Interval) -> str:
    return str(words) % {"latest": ui.long_day(interval.latest_ask), "limit": TIME_TO_ASK.days}


def sentence(step: Step) -> str:
    """Return one step in the active language, dates in full."""
    return str(SENTENCES[step.code]) % {name: _shown(value) for name, value in step.params.items()}


def at_once(kind: MilestoneKind, day: date) -> str:
    """Return by when something is done of what takes effect at once, as a sentence."""
    return str(AT_ONCE[kind][1]) % {"day": ui.long_day(day)}


def deserted(day: date) -> str:
    """Return that people act by an earlier day than the last working day, and by which."""
    return str(DESERTED) % {"day": ui.long_day(day)}


def _shown(value: StepValue) -> str:
    if isinstance(value, datetime):
        return ui.moment(value)
    return ui.long_day(value) if isinstance(value, date) else str(value)
