"""QR codes as plain SVG within the page: no image library, no style attribute."""

import segno
from django.utils.safestring import SafeString, mark_safe


def svg(text: str, title: str) -> SafeString:
    """Return the QR code of `text`, black on white with its quiet zone, whatever the colours of the page."""
    code = segno.make(text, error="m", micro=False)
    drawing = code.svg_inline(omitsize=True, border=4, light="#fff", svgclass="qr", lineclass=None, title=title)
    return mark_safe(drawing)  # noqa: S308 - segno writes paths and an escaped title
