"""Files at rest: encrypted, written whole or not at all, readable only in the place they belong to.

A name is a relative path of small letters, digits and `. _ -`; the same name is the same file. `binding` says
whose file it is (`binding_of` a case): it is sealed in, so a file moved under another case no longer opens.
"""

import hashlib
import io
import os
import re
import secrets
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from requests_app.domain import envelope
from requests_app.keyring import ring
from requests_app.models import Case

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*")


class MissingFile(Exception):
    """There is no file of this name (any more)."""


def binding_of(case: Case) -> str:
    """Return what binds the files of a case to it."""
    return f"case:{case.uuid}"


def store(name: str, data: bytes, *, binding: str) -> str:
    """Encrypt `data` into the file `name`, replacing what was there; return the SHA-256 of `data`.

    When this returns, the file is on the disk; a crash before leaves the old file or none.
    """
    path = _path(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            envelope.encrypt(io.BytesIO(data), file, ring=ring(), place=_place(name, binding))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    _sync_folder(path.parent)
    return hashlib.sha256(data).hexdigest()


def load(name: str, *, binding: str) -> bytes:
    """Return the content of a file.

    Raises MissingFile, or `envelope.EnvelopeError` when it was changed, belongs elsewhere or its key is gone.
    """
    target = io.BytesIO()
    try:
        with _path(name).open("rb") as file:
            envelope.decrypt(file, target, ring=ring(), place=_place(name, binding))
    except FileNotFoundError:
        raise MissingFile(name) from None
    return target.getvalue()


def delete(name: str) -> None:
    """Remove a file; nothing happens when there is none."""
    path = _path(name)
    path.unlink(missing_ok=True)
    if path.parent.is_dir():
        _sync_folder(path.parent)


def clear(folder: str) -> None:
    """Remove every file of a folder (not of folders in it), also what a crash left half written there."""
    path = _path(folder)
    if path.is_dir():
        for file in path.iterdir():
            if file.is_file():
                file.unlink(missing_ok=True)
        _sync_folder(path)


def root() -> Path:
    """Return the folder of DATARETT_FILES_URL. Raises ImproperlyConfigured for anything but `file:/path`."""
    scheme, _, rest = settings.FILES_URL.partition(":")
    path = rest.removeprefix("//")  # file:///path says the same, with an empty host
    if scheme != "file" or not path.startswith("/"):
        raise ImproperlyConfigured("DATARETT_FILES_URL must read file:/path; other stores are not supported yet")
    return Path(path)


def _path(name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise ValueError("a stored file is named by a relative path of small letters, digits and . _ -")
    return root() / name


def _place(name: str, binding: str) -> envelope.Place:
    folder, _, file = name.rpartition("/")
    return envelope.Place(case=binding, bundle=folder, file=file)


def _sync_folder(folder: Path) -> None:
    """Make the new name durable: on POSIX a rename is safe only once its folder is written."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
