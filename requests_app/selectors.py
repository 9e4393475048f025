"""Page-shaped reads."""

from requests_app.models import Organisation


def organisation() -> Organisation:
    """Return the controller of this installation; raises Organisation.DoesNotExist before set-up."""
    return Organisation.objects.get(pk=1)
