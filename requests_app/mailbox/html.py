"""HTML of mails: made harmless for display, and turned into text."""

import html as entities
import re

import nh3
from inscriptis import get_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig

from .cleaning import paragraphs, storable

MAX_HTML = 1_000_000  # characters; a longer body is cut before it is cleaned, so the result is whole
MAX_DEPTH = 200

# No images, styles, classes, forms or ids: nothing loads, nothing imitates the page around it.
_TAGS = frozenset({
    "a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "del", "div", "dl", "dt", "em", "h1", "h2", "h3",
    "h4", "h5", "h6", "hr", "i", "ins", "li", "ol", "p", "pre", "q", "s", "small", "span", "strong", "sub", "sup",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
})  # fmt: skip
_SILENT = frozenset({"script", "style", "title", "template", "noscript", "textarea", "select", "svg", "math"})
_ATTRIBUTES = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
_SPAN = re.compile(r"[1-9]\d?")  # colspan="1000000" is a cheap way to exhaust the reader

_SHOWN = nh3.Cleaner(
    tags=set(_TAGS),
    clean_content_tags=set(_SILENT),
    attributes=_ATTRIBUTES,
    attribute_filter=lambda tag, name, value: None if name.endswith("span") and not _SPAN.fullmatch(value) else value,
    link_rel="noopener noreferrer nofollow",
    url_schemes={"http", "https", "mailto", "tel"},
    url_relative="deny",
)
# For the text only `display` is kept, so that preheaders hidden from the reader stay hidden from us.
_READ = nh3.Cleaner(
    tags=set(_TAGS),
    clean_content_tags=set(_SILENT),
    attributes={"*": {"style"}},
    filter_style_properties={"display"},
    link_rel=None,
)


_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# Elements that never hold another, or that close themselves when the next begins.
_FLAT = frozenset({
    "area", "base", "br", "col", "dd", "dt", "hr", "img", "input", "li", "link", "meta", "option", "p", "td", "th",
    "tr",
})  # fmt: skip

_LAYOUT = ParserConfig(css=CSS_PROFILES["strict"])


def too_deep(source: str) -> bool:
    """Tell whether the elements are nested deeper than any real mail: time grows with the square of it."""
    depth = 0
    for closing, name in _TAG.findall(source[:MAX_HTML]):
        if name.lower() not in _FLAT:
            depth = max(0, depth - 1) if closing else depth + 1
            if depth > MAX_DEPTH:
                return True
    return False


def safe(source: str) -> str:
    """Return HTML that may stand inside a page of ours: no scripts, styles, images or foreign loads."""
    return storable(_SHOWN.clean(source[:MAX_HTML])).strip()


def to_text(source: str) -> str:
    """Return the visible text of an HTML body; only roughly if it is nested too deep to be laid out."""
    source = storable(source[:MAX_HTML])
    try:
        text = _rough(source) if too_deep(source) else get_text(_READ.clean(source), _LAYOUT)
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError, AssertionError):
        text = _rough(source)
    return re.sub(r"\n{3,}", "\n\n", paragraphs(text.replace("\xa0", " ")))


def _rough(source: str) -> str:
    source = re.sub(r"<(?:style|script)\b[^<]*", " ", source, flags=re.IGNORECASE)
    return entities.unescape(re.sub(r"[ \t]+", " ", re.sub(r"<[^<>]*>", " ", source))).strip()
