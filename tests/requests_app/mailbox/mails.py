"""The mails of the tests: files from tests/data/mail, and small ones made on the spot."""

import csv
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parents[2] / "data" / "mail"
DEV = sorted((DATA / "dev").glob("*.eml"))
PUBLIC = sorted((DATA / "public").glob("*/*.eml"))
ALL = DEV + PUBLIC
OURS = ("info@optimar.no",)
AUTHSERV = ("mx1.optimar.no",)


@dataclass(frozen=True)
class Label:
    """One line of labels.csv."""

    path: Path
    language: str
    is_request: bool
    unsure: bool
    auto_reply_allowed: bool
    accepted: tuple[frozenset[str], ...]


def labels() -> list[Label]:
    """Every labelled mail of the development corpus."""
    with (DATA / "dev" / "labels.csv").open(encoding="utf-8") as file:
        return [_label(row) for row in csv.DictReader(file)]


def _label(row: dict[str, str]) -> Label:
    known = row["language"] in ("nb", "nn", "en", "sv", "da", "de")
    return Label(
        path=DATA / "dev" / row["file"],
        language=row["language"] if known else "other",
        is_request=row["is_request"] == "yes",
        unsure=row["unsure"] == "yes",
        auto_reply_allowed=row["auto_reply_allowed"] == "yes",
        accepted=tuple(frozenset(one.split(";")) - {"none"} for one in row["accepted"].split("|")),
    )


def mail(*lines: str, body: str = "Hei", sender: str = "Kari Nes <kari@example.com>") -> bytes:
    """A mail to us with these extra header lines."""
    head = (f"From: {sender}", "To: info@optimar.no", "Subject: Hei", "Return-Path: <kari@example.com>")
    taken = {line.partition(":")[0].lower() for line in lines}
    kept = [line for line in head if line.partition(":")[0].lower() not in taken]
    return "\r\n".join([*kept, *lines, "", body]).encode()


def multipart(kind: str, *parts: str) -> bytes:
    """A multipart mail whose parts are given with their own header lines."""
    inner = "".join(f"--cut\r\n{part}\r\n" for part in parts)
    return mail("MIME-Version: 1.0", f"Content-Type: multipart/{kind}; boundary=cut", body=f"{inner}--cut--\r\n")
