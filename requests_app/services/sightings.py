"""Sightings: which mails of a look were seen before, and where each of them is."""

from collections.abc import Iterator, Mapping

from django.db.models.functions import Coalesce
from django.utils import timezone

from requests_app.mailbox import sources
from requests_app.models import Inquiry, SentMail, Sighting

BATCH = 500
Place = tuple[str, str, str, int]  # folder, validity and number in a mailbox, and the size


def place(one: sources.Found) -> Place:
    """Return where a message is, as whoever looks again and again remembers it."""
    return one.folder, one.uidvalidity, one.uid, one.size


def compared(
    mailbox: str, candidates: tuple[sources.Found, ...], known: set[Place]
) -> Iterator[tuple[sources.Found, str | None]]:
    """Yield each message with the uid under which it is to be remembered, None for those that are safe already.

    `known` keeps what has a sighting and is still there. A number on a server is believed only together with the
    size and our mark: servers have given one number to two mails. The second is remembered as `number~size`; one of
    the same size lacks the mark that the first was given, so it is read, and its bytes tell whether it is new.
    """
    known.intersection_update(map(place, candidates))
    safe = [one for one in candidates if place(one) in known]
    yield from ((one, None) for one in safe)
    fresh = [one for one in candidates if place(one) not in known]
    for start in range(0, len(fresh), BATCH):
        batch = fresh[start : start + BATCH]
        seen = _sighted(mailbox, batch)
        for one in batch:
            uid = _new_uid(one, seen)
            if uid is None:
                known.add(place(one))
            yield one, uid


def note(mailbox: str, candidate: sources.Found, uid: str, **mail: Inquiry | SentMail) -> Sighting | None:
    """Write down where a mail was seen. Returns the sighting of that place; None if an older one was renumbered.

    None too for a file whose mail has been forgotten: its name, in which people write names, went with the content.
    """
    is_file = not (candidate.uidvalidity or candidate.stamped)
    if is_file and any(one.forgotten_at is not None for one in mail.values()):
        return None
    where = {"folder": candidate.folder, "uidvalidity": candidate.uidvalidity, "uid": uid or candidate.uid}
    if _renumbered(mailbox, mail, where):
        return None
    seen, _ = Sighting.objects.get_or_create(mailbox=mailbox, **where, defaults=mail | {"junk": candidate.junk})
    return seen


def _renumbered(mailbox: str, mail: Mapping[str, Inquiry | SentMail], where: dict[str, str]) -> bool:
    """Give a sighting of the same mail its new number, if the server has numbered the folder anew.

    Otherwise a server that does so at every look would leave a row for each mail and look.
    """
    if not where["uidvalidity"]:
        return False
    before = Sighting.objects.filter(mailbox=mailbox, folder=where["folder"], **mail).exclude(
        uidvalidity=where["uidvalidity"]
    )
    row = before.order_by("id").first()
    taken = Sighting.objects.filter(mailbox=mailbox, **where).exists()
    if row is None or taken:
        return False
    Sighting.objects.filter(pk=row.pk).update(
        uidvalidity=where["uidvalidity"], uid=where["uid"], seen_at=timezone.now()
    )
    return True


def _sighted(mailbox: str, batch: list[sources.Found]) -> dict[tuple[str, str, str], int]:
    """The sizes of what was seen under these numbers, by folder, validity and number."""
    numbers = [number for one in batch for number in (one.uid, _second(one))]
    rows = Sighting.objects.filter(mailbox=mailbox, uid__in=numbers)
    found = rows.values_list("folder", "uidvalidity", "uid", Coalesce("inquiry__size", "sent_mail__size"))
    return {(folder, validity, uid): size for folder, validity, uid, size in found}


def _new_uid(one: sources.Found, seen: dict[tuple[str, str, str], int]) -> str | None:
    size = seen.get((one.folder, one.uidvalidity, one.uid))
    if size is None:
        return one.uid
    if not one.uidvalidity:
        return None
    if size == one.size:
        return None if one.marked else one.uid
    return None if (one.folder, one.uidvalidity, _second(one)) in seen else _second(one)


def _second(one: sources.Found) -> str:
    return f"{one.uid}~{one.size}"
