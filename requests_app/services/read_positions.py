"""How far each folder of a mailbox has been read, for the sources that tell only what is new since then."""

from collections.abc import Mapping

from django.utils import timezone

from requests_app.models import ReadPosition


def of(mailbox: str) -> dict[str, str]:
    """Return the position of each folder of a mailbox that has one."""
    return dict(ReadPosition.objects.filter(mailbox=mailbox).values_list("folder", "position"))


def keep(mailbox: str, positions: Mapping[str, str], *, known: Mapping[str, str]) -> None:
    """Remember positions, once everything that lies before them is committed; `known` are the present ones."""
    for folder, position in positions.items():
        if known.get(folder) != position:
            ReadPosition.objects.update_or_create(
                mailbox=mailbox, folder=folder, defaults={"position": position, "kept_at": timezone.now()}
            )
