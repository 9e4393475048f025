"""Reads the texts for training and judging: one file a family and language, several texts in it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
TRAINING, JUDGING = HERE / "texts", HERE / "judge"
MAILBOX = HERE.parent / "requests_app" / "mailbox"
# What the weights follow from, beside the texts.
SIGHT = (MAILBOX / "features.py", MAILBOX / "concepts.py", MAILBOX / "concept_words.py")


@dataclass(frozen=True)
class Text:
    """A mail with what it is; `accepted`: the sets of rights that count as right, `unsure`: a human hesitates."""

    family: str
    language: str
    subject: str
    body: str
    rights: frozenset[str]
    accepted: tuple[frozenset[str], ...]
    unsure: bool

    @property
    def is_request(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.rights)


def read(folder: Path) -> list[Text]:
    """Return every text of a folder. Raises ValueError for a file that is not in the form of the others."""
    return [text for path in sorted(folder.glob("*.txt")) for text in _read(path)]


def digest(extra: Path | None = None) -> str:
    """Return what tells that the texts, or how they are seen, have changed since the weights were written.

    `extra`: a folder of further texts that were trained on.
    """
    found = hashlib.sha256()
    more = sorted(extra.glob("*.txt")) if extra else []
    for path in (*sorted(TRAINING.glob("*.txt")), *more, *SIGHT):
        found.update(path.name.encode() + b"\n" + path.read_bytes())
    return found.hexdigest()


def _read(path: Path) -> Iterator[Text]:
    family, _, language = path.stem.rpartition(".")
    for block in path.read_text(encoding="utf-8").removeprefix("== ").split("\n== "):
        head, _, body = block.partition("\n\n")
        fields = {name: value.strip() for name, _, value in (line.partition(":") for line in head.splitlines())}
        if not {"rights", "subject"} <= fields.keys() or not body.strip():
            raise ValueError(f"{path.name}: {head[:60]!r}")
        rights = _rights(fields["rights"])
        accepted = tuple(_rights(one) for one in fields.get("accepted", fields["rights"]).split("|"))
        yield Text(family, language, fields["subject"], body.strip(), rights, accepted, fields.get("unsure") == "yes")


def _rights(said: str) -> frozenset[str]:
    return frozenset(one.strip() for one in said.split(";")) - {"none", ""}
