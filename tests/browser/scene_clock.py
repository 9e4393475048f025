"""A case in the scene whose clock was stopped by a question, and whose receipt was found to be another."""

from datetime import timedelta

from identity.models import User
from requests_app.domain.enums import Right
from requests_app.models import Case
from requests_app.services import clarification, portal_reply, receipt

from .scene_acts import days_ago, form


def lay(hanne: User) -> Case:
    """Asked for access, asked what is wanted, and perhaps the answer is there."""
    with days_ago(5):
        case = form("Ragnhild Øyen", "ragnhild.oyen@example.com", Right.ACCESS)
    dsr = case.dsrs.get()
    with days_ago(4):
        question = clarification.Question("E-post, tilbud og besøk på nettstedet.", "Gjelder det en bestemt tid?")
        clarification.ask(dsr.pk, question, large=True, actor=hanne.as_actor(), key="0" * 32)
    with days_ago(2):
        earlier = dsr.received_at - timedelta(days=1)
        why = "Meldingen lå hos en kollega i Hareid en dag."
        receipt.correct(dsr.pk, earlier, why, actor=hanne.as_actor(), user=hanne)
    with days_ago(1):
        portal_reply.keep(case.pk, "Jeg vil ha alt fra 2021 og senere.")
    return case
