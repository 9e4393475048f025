"""The files of a package in the vault: read in clear, checked against their hash, carried over into a new package."""

from hashlib import sha256

import structlog
from django.utils import timezone

from exports import vault
from exports.models import Bundle, BundleFile
from requests_app.domain.envelope import EnvelopeError
from requests_app.models import DataSubjectRequest

log = structlog.get_logger(__name__)


class UnreadableFile(Exception):
    """A file of a package was changed, belongs elsewhere, or its key is gone."""


def read(file: BundleFile) -> bytes:
    """Return a file of a package in clear, uncounted. Raises `vault.MissingFile`, UnreadableFile."""
    try:
        content = vault.load(file.stored_as, binding=vault.binding_of(file.bundle.dsr.case))
    except EnvelopeError as error:
        log.error("answer_unreadable", file=file.pk, error=type(error).__name__)
        raise UnreadableFile from error
    if sha256(content).hexdigest() != file.sha256:
        log.error("answer_unreadable", file=file.pk, error="another content")
        raise UnreadableFile
    return content


def copy(dsr: DataSubjectRequest, old: Bundle) -> Bundle:
    """Return a new package with the files of an old one. Raises `vault.MissingFile`, UnreadableFile."""
    folder, binding = f"bundles/{dsr.pk}/{dsr.bundles.count() + 1}", vault.binding_of(dsr.case)
    vault.clear(folder)
    bundle = Bundle.objects.create(
        dsr=dsr, created_at=timezone.now(), input_sha256=old.input_sha256, manifest=old.manifest,
        delivery_address=old.delivery_address,
        address_named_by_id=old.address_named_by_id,
    )  # fmt: skip
    for number, file in enumerate(old.files.select_related("bundle__dsr__case"), start=1):
        stored_as = f"{folder}/{number:03d}"
        vault.store(stored_as, read(file), binding=binding)
        BundleFile.objects.create(
            bundle=bundle, name=file.name, media_type=file.media_type, size=file.size, sha256=file.sha256,
            stored_as=stored_as,
        )  # fmt: skip
    return bundle
