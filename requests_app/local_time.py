"""The clock on the organisation's wall: what people read shows its time, whatever zone the server is in."""

from contextlib import AbstractContextManager, nullcontext
from zoneinfo import ZoneInfo

from django.utils import timezone

from .models import Organisation


def of_the_organisation() -> AbstractContextManager[object]:
    """Show times and today's date in the organisation's zone meanwhile; in the server's before the set-up."""
    name = Organisation.objects.filter(pk=1).values_list("time_zone", flat=True).first()
    return timezone.override(ZoneInfo(name)) if name else nullcontext()


def of(organisation: Organisation) -> AbstractContextManager[object]:
    """Do the same for an organisation that was read already."""
    return timezone.override(ZoneInfo(organisation.time_zone))
