"""Page-shaped reads."""

from django.contrib.auth import get_user_model

from requests_app.domain.enums import Role
from requests_app.models import Organisation
from requests_app.permissions import Staff


def organisation() -> Organisation:
    """Return the controller of this installation; raises Organisation.DoesNotExist before set-up."""
    return Organisation.objects.get(pk=1)


def staff_with(*roles: Role) -> list[Staff]:
    """Return the active members of staff who hold one of `roles`, the longest here first."""
    users = get_user_model().objects.filter(is_active=True, role_rows__role__in=[role.value for role in roles])
    return list(users.distinct().order_by("pk"))
