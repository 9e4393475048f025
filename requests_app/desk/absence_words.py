"""That somebody is away, in the words that stand beside a name."""

from datetime import date

from django.utils.translation import gettext as _

from requests_app.permissions import Staff
from requests_app.templatetags import ui


def until(person: Staff, today: date) -> str:
    """Return until when somebody is away; empty for who is there."""
    if not person.is_away(today):
        return ""
    return _("Away until %(date)s") % {"date": ui.day(person.away_until)} if person.away_until else _("Away")


def of(person: Staff | None, today: date) -> str:
    """Return until when somebody is away, and who stands in; empty for who is there, and for nobody."""
    words = until(person, today) if person else ""
    if not words or person is None or person.deputy is None:
        return words
    return _("%(away)s, deputy: %(name)s") % {"away": words, "name": person.deputy.name}


def named(person: Staff, today: date) -> str:
    """Return the name of somebody as a choice, with until when they are away."""
    words = until(person, today)
    return f"{person.name} ({words})" if words else person.name


def hint(person: Staff | None, today: date) -> str:
    """Return what somebody should know who gives a case to a person that is away; empty for who is there."""
    words = of(person, today)
    if person is None or not words:
        return ""
    said = {"name": person.name, "away": words}
    return _("%(name)s: %(away)s. Until then the mails go to whoever stands in.") % said
