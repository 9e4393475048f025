"""The organisation of this installation, taken from its file at set-up."""

from dataclasses import asdict
from pathlib import Path

from django.db import transaction

from requests_app import audit
from requests_app.domain import organisation as settings_file
from requests_app.domain.snapshot import SYSTEM
from requests_app.models import Organisation


def load(path: Path, *, trial: bool = False) -> bool:
    """Create the organisation from its YAML file unless there is one already; return whether it was created.

    Raises `domain.organisation.OrganisationError` with file, line and key for each thing that is wrong.
    """
    if Organisation.objects.filter(pk=1).exists():
        return False
    given = settings_file.load(path)
    with transaction.atomic():
        Organisation.objects.create(
            pk=1,
            name=given.name,
            legal_entity_name=given.legal_entity_name or "",
            org_number=given.org_number or "",
            postal_address=given.postal_address or "",
            country=given.country,
            time_zone=given.time_zone,
            policy_days=given.policy_days,
            languages=list(given.languages),
            rights_contact=given.rights_contact,
            from_address=given.from_address,
            own_addresses=list(given.own_addresses),
            own_domains=list(given.own_domains),
            own_mail_hosts=list(given.own_mail_hosts),
            authserv_ids=list(given.authserv_ids),
            privacy_page=asdict(given.privacy_page) if given.privacy_page else {},
            cookie_page=asdict(given.cookie_page) if given.cookie_page else {},
            dpo=given.dpo or "",
            supervisory_authority=asdict(given.supervisory_authority),
            trial=trial,
        )
        audit.record("organisation.loaded", "organisation:1", SYSTEM, trial=trial)
    return True
