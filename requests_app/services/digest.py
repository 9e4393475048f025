"""The morning mail to the staff: on working days, one for each person, once, and none where there is nothing to say."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from requests_app import selectors
from requests_app.models import DigestSent, HeldNotice

from . import clock, correspondence, digest_facts, one_by_one, roster, still_news
from .roster import Roster

TEMPLATE = "requests_app/mail/digest"
HELD_FOR = timedelta(days=30)


def sweep() -> int:
    """Write the mails of this morning that nobody has written yet; return how many.

    What a day of downtime kept back is not made up for: only today counts. Who is away gets none, and who came after
    the hour gets their first tomorrow.
    """
    calendar = clock.calendar()
    day = calendar.local_date(timezone.now())
    hour = datetime.combine(day, settings.DIGEST_AT, tzinfo=calendar.zone)
    if not calendar.is_working_day(day) or timezone.now() < hour:
        return 0
    waiting = selectors.without_digest(day, since=hour)
    if not waiting:
        return 0
    HeldNotice.objects.filter(told_on__lt=day - HELD_FOR).delete()
    _let_go()
    team = roster.of(day)
    return one_by_one.each("digest", (pk for pk in waiting if pk in team.there), lambda pk: _write(pk, day, team))


def _let_go() -> None:
    """Delete what was put off until the morning and is no news any more."""
    held = HeldNotice.objects.filter(told_on__isnull=True).values_list("pk", "key")
    HeldNotice.objects.filter(pk__in=[pk for pk, key in held if not still_news.notice_holds(key)]).delete()


def _known_until(user_id: int, day: date) -> datetime:
    """Return the moment up to which this person's last morning mail told everything; a week ago for the first."""
    last = DigestSent.objects.filter(user_id=user_id, day__lt=day).order_by("day").last()
    if last and last.read_at:
        return last.read_at
    begin = last.day if last else day - timedelta(days=7)
    return datetime.combine(begin, settings.DIGEST_AT, tzinfo=clock.calendar().zone)


def _write(user_id: int, day: date, team: Roster) -> bool:
    """Write the mail of one person, in one transaction with the row that says so; False if there is none to write."""
    with transaction.atomic():
        _, new = DigestSent.objects.get_or_create(user_id=user_id, day=day, defaults={"read_at": timezone.now()})
        if not new:
            return False
        person = team.members[user_id]
        language = person.language or settings.LANGUAGE_CODE
        with translation.override(language):
            facts = digest_facts.of(person, day, team, since=_known_until(user_id, day))
        if facts.is_empty:
            return False
        HeldNotice.objects.filter(pk__in=[row.pk for row in facts.held]).update(told_on=day)
        correspondence.notify_staff(
            person.email, language, TEMPLATE, {"digest": facts, "day": day}, key=f"digest:{user_id}:{day}",
        )  # fmt: skip
        return True
