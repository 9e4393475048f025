"""What may stand behind the question mark of the address of any mailbox."""

from .secure_urls import BadAddressError

EVERY = 10.0  # seconds
EVERY_FOLDER = "*"


def names(listed: str) -> tuple[str, ...]:
    """Return the names of a list with commas, each once."""
    return tuple(dict.fromkeys(name.strip() for name in listed.split(",") if name.strip()))


def folders(path: str, given: dict[str, str]) -> tuple[str, ...]:
    """Return those of `folders=`; else the one of the path, unless that is the usual one."""
    if "folders" in given:
        listed = names(given["folders"])
        if not listed or (EVERY_FOLDER in listed and len(listed) > 1):
            raise BadAddressError("folders= takes names with commas between them, or * alone for every folder")
        return listed
    return () if path.upper() in ("", "INBOX") else (path,)


def every(text: str) -> float:
    """Return the seconds between two looks."""
    if not text:
        return EVERY
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 3600:
        raise BadAddressError("every= is a number of seconds from 1 to 3600")
    return float(text)
