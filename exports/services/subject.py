"""By what a person may be looked for: only what the case has good reason to believe is their own.

Every row that matches is handed over, so an identifier that anybody could have typed would hand over the data of
a stranger. The e-mail address of the case is safe: the answer can be fetched only with a code sent to it. An address
on file that the person confirmed is safe too. A phone number is neither, and is often shared by a whole office.
"""

from exports.domain.records import Subject
from exports.models import Correction
from identity.domain.enums import VerificationPurpose, VerificationState
from requests_app.domain.enums import Requester
from requests_app.models import Case


def to_read(case: Case) -> Subject:
    """Return the identifiers whose rows may be handed over, or deleted.

    An address that is to stand in place of another counts once a system has it: that somebody confirmed it says that
    it may be written there, and not that what is held under it is for whoever asked.
    """
    confirmed = case.verifications.filter(state=VerificationState.CONFIRMED.value).order_by("id")
    if not Correction.objects.filter(dsr__case=case, done_at__isnull=False).exists():
        confirmed = confirmed.filter(purpose=VerificationPurpose.IDENTITY.value)
    return Subject(emails=(case.person_email, *confirmed.values_list("sent_to", flat=True)))


def to_correct(case: Case) -> Subject:
    """Return the identifiers whose rows are corrected; a run that was killed may have written the new address."""
    confirmed = case.verifications.filter(state=VerificationState.CONFIRMED.value).order_by("id")
    return Subject(emails=(case.person_email, *confirmed.values_list("sent_to", flat=True)))


def to_locate(case: Case) -> list[Subject]:
    """Return what contact points may be looked for by: nothing is handed over for them, so the phone number counts.

    Each identifier is a search of its own: by which of them something was found decides what it shows of the person.
    """
    by_address = [Subject(emails=(email,)) for email in to_read(case).emails]
    return [*by_address, *([Subject(phones=(case.person_phone,))] if case.person_phone.strip() else [])]


def identifiers(case: Case) -> list[tuple[str, str]]:
    """Return kind and value of what the person was looked for by, for the answer to name.

    Nothing when somebody else writes: what the case then holds is theirs, and nobody was looked for by it.
    """
    if not is_writer(case):
        return []
    emails = [("email", value) for value in dict.fromkeys(to_read(case).emails)]
    found = [("name", case.person_name), *emails, ("phone", case.person_phone)]
    return [(kind, value) for kind, value in found if value]


def concerned(case: Case) -> str:
    """Return the name of the person the data is about where somebody else writes for them, else nothing."""
    return "" if is_writer(case) else case.concerned_name


def is_writer(case: Case) -> bool:
    """Tell whether the person is the one who writes. If not, the addresses of the case are somebody else's."""
    return case.requester == Requester.SELF
