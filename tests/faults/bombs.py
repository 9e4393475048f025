"""Mails that are made, or have grown, to break whoever reads them; each from its own sender."""

_MIXED = 'Content-Type: multipart/mixed; boundary="{0}"\r\n\r\n--{0}\r\n'


def _mail(name: str, *lines: str, body: str = "") -> bytes:
    head = [f"From: Kari <{name}@example.com>", "Subject: Innsyn", f"Message-ID: <{name}.bomb@example.com>", *lines]
    return "\r\n".join([*head, body]).encode()


def _nested(levels: int) -> bytes:
    opened = "".join(_MIXED.format(f"b{level}") for level in range(levels))
    return _mail("nested", body=f"{opened}Content-Type: text/plain\r\n\r\nHei\r\n")


def _parts(number: int) -> bytes:
    return _mail("parts", body=_MIXED.format("b") + "\r\nHei\r\n--b\r\n" * number)


def _recipients(number: int) -> bytes:
    listed = ",\r\n ".join(f"Mottaker {one} <m{one}@example.com>" for one in range(number))
    return _mail("recipients", f"To: {listed}", body="\r\nHei\r\n")


def _header(size: int) -> bytes:
    line = "X-Fyll: " + "x" * 90
    return _mail("header", *[line] * (size // (len(line) + 2)), body="\r\nHei\r\n")


BOMBS = {
    "nested": _nested(1_500),
    "parts": _parts(100_000),
    "recipients": _recipients(20_000),
    "header": _header(50_000_000),
}
PROBLEMS = {"nested": "nested_too_deep", "parts": "too_many_parts", "header": "oversize"}
"""What is said of some of them; a long list of recipients is only cut."""
