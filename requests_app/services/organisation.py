"""The organisation of this installation: taken from its file at set-up, then edited, every change a new version."""

from pathlib import Path

from django.db import transaction
from django.utils import timezone

from requests_app import audit, outbox
from requests_app.domain import organisation as domain
from requests_app.domain.errors import ActionRefused
from requests_app.domain.events import OrganisationChanged
from requests_app.domain.marked_yaml import Json
from requests_app.domain.snapshot import SYSTEM, Actor, Reason
from requests_app.models import Organisation, OrganisationVersion

from . import corrections, organisation_dates

LOADED = "loaded"
"""The reason of the version that stands for the file, or for what was in force before versions were kept."""
SET_UP = "set_up"
"""The reason of a version that somebody's answers at the set-up made."""
_OPTIONAL = ("legal_entity_name", "org_number", "postal_address", "dpo")  # blank in the row, None in the settings
_PAGES = ("privacy_page", "cookie_page")  # an empty mapping in the row, None in the settings


def load(path: Path, *, trial: bool = False) -> bool:
    """Create the organisation from its YAML file unless there is one already; return whether it was created.

    Raises `domain.organisation.OrganisationError` with file, line and key for each thing that is wrong.
    """
    if Organisation.objects.filter(pk=1).exists():
        return False
    given = domain.to_json(domain.load(path))
    with transaction.atomic():
        row = Organisation(pk=1, trial=trial, version=1)
        _write(row, given)
        row.save(force_insert=True)
        _keep(1, given, LOADED, SYSTEM)
        audit.record("organisation.loaded", "organisation:1", SYSTEM, trial=trial)
    return True


def as_json(row: Organisation) -> dict[str, Json]:
    """Return the settings in force as the mapping that `domain.organisation.from_json` reads."""
    data: dict[str, Json] = {"schema": domain.SCHEMA}
    for key in domain.KEYS:
        value = getattr(row, key)
        data[key] = None if key in (*_OPTIONAL, *_PAGES) and not value else value
    return data


def change(given: dict[str, Json], *, expected_version: int, reason: str, actor: Actor) -> int:
    """Put other settings in force and return the number of the version; the reason stays beside it.

    `given` is the whole mapping, checked by the rules of the file. Raises `domain.organisation.OrganisationError`
    with a key and a code for each thing that is wrong; ActionRefused when there is no reason, when nothing would
    change, or when somebody else has changed the settings since `expected_version` was read.
    """
    wanted = domain.to_json(domain.from_json(given))
    if not reason.strip():
        raise ActionRefused(Reason("organisation_reason_missing"))
    with transaction.atomic():
        row = Organisation.objects.select_for_update().get(pk=1)
        if row.version != expected_version:
            raise ActionRefused(Reason("organisation_changed"))
        before = as_json(row)
        if wanted == before:
            raise ActionRefused(Reason("organisation_same"))
        if not OrganisationVersion.objects.filter(number=row.version).exists():
            _keep(row.version, before, LOADED, SYSTEM)
        row.version += 1
        _write(row, wanted)
        row.save()
        _keep(row.version, wanted, reason.strip(), actor)
        if not row.keeps_corrections:
            corrections.forget_all()
        changed = [key for key in domain.KEYS if before[key] != wanted[key]]
        audit.record("organisation.changed", f"organisation:{row.version}", actor, changed=changed)
        outbox.publish(OrganisationChanged(row.version), key=f"organisation:{row.version}")
        if domain.moves_dates(before, wanted):
            organisation_dates.owe(row.version)
    return row.version


def tell(actor: Actor, **said: Json) -> None:
    """Say some of the settings at the set-up, in a version of their own; what stands there already makes none.

    Blank texts say that a thing is not known. Raises like `change`.
    """
    with transaction.atomic():
        row = Organisation.objects.select_for_update().get(pk=1)
        given = as_json(row) | {key: value or None for key, value in said.items()}
        if domain.to_json(domain.from_json(given)) != as_json(row):
            change(given, expected_version=row.version, reason=SET_UP, actor=actor)


def _write(row: Organisation, given: dict[str, Json]) -> None:
    for key in domain.KEYS:
        empty: Json = "" if key in _OPTIONAL else {}
        setattr(row, key, empty if given[key] is None else given[key])


def _keep(number: int, content: dict[str, Json], reason: str, actor: Actor) -> None:
    OrganisationVersion.objects.create(
        number=number,
        content=content,
        reason=reason[:500],
        created_at=timezone.now(),
        created_by_id=actor.user_id,
    )
