"""`var/run.json`: where everything of a running embedded installation is, for programs."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

from identity.models import StaffInvitation

NAME = "run.json"


def write(path: Path, facts: Mapping[str, str | None]) -> None:
    """Write the file whole or not at all, for its owner only: it holds links that make accounts."""
    draft = path.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(facts, file, indent=1)
    draft.replace(path)


def forget_invitation(invitation_id: int) -> None:
    """Take the link of an invitation that was used out of the file, if it stands there."""
    label = StaffInvitation.objects.values_list("label", flat=True).get(pk=invitation_id)
    path = settings.VAR / NAME
    if not label or not settings.EMBEDDED or not path.exists():
        return
    facts = json.loads(path.read_text(encoding="utf-8"))
    if facts.get(label):
        write(path, facts | {label: None})
