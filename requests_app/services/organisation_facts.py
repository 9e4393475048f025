"""What the organisation says of itself, told piece by piece after the set-up."""

from typing import Any

from django.db import transaction
from django.db.models import F

from requests_app import audit
from requests_app.domain.snapshot import Actor
from requests_app.models import Organisation

FACTS = frozenset({"legal_entity_name", "org_number", "postal_address", "dpo", "privacy_page", "cookie_page"})
LONGEST = {"legal_entity_name": 200, "org_number": 40, "dpo": 200}
"""Characters of a fact, where they are bounded."""


def tell(actor: Actor, **said: Any) -> None:
    """Set some of FACTS in a new version of the organisation; a page is `{nb, en}`. KeyError for anything else."""
    for name in said:
        if name not in FACTS:
            raise KeyError(name)
    with transaction.atomic():
        row = Organisation.objects.select_for_update().get(pk=1)
        for name, value in said.items():
            setattr(row, name, value)
        row.version = F("version") + 1
        row.save(update_fields=[*said, "version", "updated_at"])
        audit.record("organisation.changed", "organisation:1", actor, fields=",".join(sorted(said)))
