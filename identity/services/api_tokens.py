"""Tokens of machines: shown once when made, remembered by their hash, taken back by name."""

import secrets
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils import timezone

from identity.domain.enums import ApiScope
from identity.models import ApiToken
from requests_app import audit
from requests_app.domain import tokens
from requests_app.domain.errors import ActionRefused
from requests_app.domain.snapshot import SYSTEM, Actor, Reason

PREFIX = "dr_"  # so that a leaked one is recognised by whoever finds it


def issue(name: str, scopes: Iterable[ApiScope], *, actor: Actor = SYSTEM) -> str:
    """Make a token and return it; it cannot be shown again. Raises ActionRefused when the name is taken."""
    text = PREFIX + secrets.token_urlsafe(32)
    values = [scope.value for scope in sorted(set(scopes))]
    try:
        with transaction.atomic():
            row = ApiToken.objects.create(
                name=name,
                token_digest=tokens.digest(text),
                scopes=values,
                created_at=timezone.now(),
                created_by_id=actor.user_id,
            )
            audit.record("api_token.issued", f"api_token:{row.pk}", actor, scopes=values)
    except IntegrityError:
        raise ActionRefused(Reason("name_taken")) from None
    return text


def revoke(name: str, *, actor: Actor = SYSTEM) -> None:
    """Make a token worthless from now on. Raises ActionRefused when there is none of this name."""
    with transaction.atomic():
        row = ApiToken.objects.select_for_update().filter(name=name).first()
        if row is None:
            raise ActionRefused(Reason("token_unknown"))
        if row.revoked_at is None:
            ApiToken.objects.filter(pk=row.pk).update(revoked_at=timezone.now())
            audit.record("api_token.revoked", f"api_token:{row.pk}", actor)


def find(text: str) -> ApiToken | None:
    """Return the live token behind `text`, and note the day on which it was last used.

    One look-up by hash, whatever the text: how long it takes says nothing about how near a guess was.
    """
    row = ApiToken.objects.filter(token_digest=tokens.digest(text), revoked_at__isnull=True).first()
    today = timezone.localdate()
    if row and row.last_used_on != today:
        ApiToken.objects.filter(pk=row.pk).update(last_used_on=today)
    return row
