"""What must be true of every page, whatever it shows."""

import re
from functools import cache
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Page, Response, ViewportSize

_AXE = Path(__file__).parent / "vendor" / "axe.min.js"
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RULES = {"runOnly": {"type": "tag", "values": _TAGS}, "rules": {"target-size": {"enabled": True}}}
_RUN = "options => axe.run(document, {...options, resultTypes: ['violations']}).then(found => found.violations)"
_WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
_CUT = """() => [...document.querySelectorAll("main *")]
    .filter(e => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1)
    .filter(e => !e.closest(".table-region, .letter-html, .ds-sr-only, [class*=sr-only]"))
    .map(e => e.outerHTML.slice(0, 120))"""
Scheme = Literal["light", "dark"]
WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 320, "height": 700}
_DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@cache
def _axe() -> str:
    return _AXE.read_text(encoding="utf-8")


def is_accessible(page: Page, language: str) -> list[str]:
    """Return what axe finds and what does not fit.

    Twice: on a wide and on a narrow screen, one of them light and the other dark; which is which goes by the
    language, so that both languages together have seen all four.
    """
    page.evaluate(_axe())  # within the page's own policy: nothing is bypassed
    schemes: tuple[Scheme, Scheme] = ("light", "dark") if language == "nb" else ("dark", "light")
    found = []
    for size, scheme in zip((NARROW, WIDE), schemes, strict=True):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        page.evaluate(_DRAWN)  # axe measures targets: not before the new size is laid out
        found += [f"{size['width']} {scheme} {line}" for line in (*_violations(page), *_overflow(page))]
    return found


def _violations(page: Page) -> list[str]:
    found: list[dict[str, Any]] = page.evaluate(_RUN, _RULES)
    return [f"{one['id']}: {one['help']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def _overflow(page: Page) -> list[str]:
    wider = page.evaluate(_WIDER)
    return [f"{wider} px too wide", *(f"sticks out: {what}" for what in page.evaluate(_CUT))] if wider > 0 else []


def is_well_formed(page: Page, language: str) -> list[str]:
    """Return what is wrong with language, headings and title."""
    found = []
    if (said := page.locator("html").get_attribute("lang")) != language:
        found.append(f"the page says it is in {said}")
    if (number := page.locator("h1").count()) != 1:
        found.append(f"{number} h1")
    if not re.search(r"\S – \S", page.title()):
        found.append(f"the title is {page.title()!r}")
    return found


def names_nobody(page: Page, names: list[str]) -> list[str]:
    """Return the words of persons that stand in the title or the address."""
    text = f"{page.title()} {page.url}".casefold()
    return [f"{name!r} stands in the title or the address" for name in names if name.casefold() in text]


def is_shut(response: Response) -> list[str]:
    """Return what is wrong with the headers of a page."""
    headers = response.all_headers()
    policy = headers.get("content-security-policy", "")
    found = []
    if "default-src 'none'" not in policy or "unsafe" in policy or "http" in policy or "*" in policy:
        found.append(f"the policy is {policy!r}")
    for name, wanted in (
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("x-robots-tag", "noindex, nofollow"),
    ):
        if headers.get(name) != wanted:
            found.append(f"{name} is {headers.get(name)!r}")
    if "no-store" not in headers.get("cache-control", ""):
        found.append(f"cache-control is {headers.get('cache-control')!r}")
    return found
