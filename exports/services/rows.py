"""Locks, always taken in the same order, so that two services never wait for each other."""

from requests_app.models import Case, DataSubjectRequest


def lock_request(dsr_id: int) -> DataSubjectRequest:
    """Return a request, locked together with the others of its case, oldest first. Needs a transaction.

    Identity writes requirements on all requests of a case; whoever holds one and then needs the rest could otherwise
    meet somebody who came the other way round. The case comes before them: whoever closes a request writes to it.
    """
    Case.objects.select_for_update(of=("self",)).get(dsrs=dsr_id)
    siblings = DataSubjectRequest.objects.filter(case__dsrs=dsr_id).select_related("case")
    return {dsr.pk: dsr for dsr in siblings.select_for_update(of=("self",)).order_by("pk")}[dsr_id]
