"""The HTML of a mail that we send, made from its text: the same words, nothing to load, nothing to be watched by.

Paragraphs, lists, links and quotations are all there is. A program that reads a page aloud finds them, and the
language. A quotation (`> `) is somebody else's words, so nothing in it becomes a link.
"""

import re
from collections.abc import Iterator, Sequence
from html import escape

_QUOTED = re.compile(r">[ ]?")
_BULLET = re.compile(r"\s{0,4}[-*•]\s+(?=\S)")
_NUMBER = re.compile(r"\s{0,4}(\d{1,3})[.)]\s+(?=\S)")
_CONTINUED = re.compile(r"\s{2,}\S")
# The sign that ends a sentence belongs to the sentence.
_LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\"'.,;:!?)\]»”]|(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_DEEPEST = 20  # quotations in quotations; what lies deeper stays text


def page(text: str, *, title: str, language: str) -> str:
    """Return an HTML document that says what `text` says, in `language` (a tag such as "nb")."""
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(title)}</title>\n</head>\n<body>\n{fragment(text)}\n</body>\n</html>\n"
    )


def fragment(text: str) -> str:
    """Return the text as HTML without a document around it."""
    return "\n".join(_blocks(text.replace("\r\n", "\n").split("\n"), links=True, depth=0))


def _blocks(lines: Sequence[str], *, links: bool, depth: int) -> Iterator[str]:
    at = 0
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        quoted = _while(lines, at, _QUOTED) if depth < _DEEPEST else 0
        if quoted:
            inner = [_QUOTED.sub("", line, count=1) for line in lines[at : at + quoted]]
            yield "<blockquote>\n{}\n</blockquote>".format("\n".join(_blocks(inner, links=False, depth=depth + 1)))
            at += quoted
            continue
        tag, items, taken = _list(lines, at)
        if taken:
            entries = "".join(f"<li>{_lines(item, links)}</li>\n" for item in items)
            yield f"<{tag}>\n{entries}</{tag.partition(' ')[0]}>"
        else:
            taken = _paragraph(lines, at)
            yield f"<p>{_lines(lines[at : at + taken], links)}</p>"
        at += taken


def _while(lines: Sequence[str], at: int, form: "re.Pattern[str]") -> int:
    """Over how many lines from `at` on a form holds."""
    return next((n for n, line in enumerate(lines[at:]) if not form.match(line)), len(lines) - at)


def _paragraph(lines: Sequence[str], at: int) -> int:
    """Return over how many lines the paragraph stretches that begins at `at`: until something else begins."""
    for taken in range(1, len(lines) - at):
        line = lines[at + taken]
        if not line.strip() or _QUOTED.match(line) or _list(lines, at + taken)[2]:
            return taken
    return len(lines) - at


def _list(lines: Sequence[str], at: int) -> tuple[str, list[list[str]], int]:
    """Return the tag of the list that begins at `at`, its items as lines, and how many lines it takes (0: none does).

    A single number begins no list: "31. juli" opens many a line.
    """
    bullet, number = _BULLET.match(lines[at]), _NUMBER.match(lines[at])
    if not bullet and not number:
        return "", [], 0
    first, items, here = int(number.group(1)) if number else 0, list[list[str]](), at
    while here < len(lines):
        line = lines[here]
        begins = _BULLET.match(line) if bullet else _NUMBER.match(line)
        if begins and (bullet or int(begins.group(1)) == first + len(items)):
            items.append([line[begins.end() :]])
        elif items and _CONTINUED.match(line) and not _BULLET.match(line) and not _NUMBER.match(line):
            items[-1].append(line.strip())
        else:
            break
        here += 1
    if bullet:
        return "ul", items, here - at
    return ("ol" if first == 1 else f'ol start="{first}"', items, here - at) if len(items) > 1 else ("", [], 0)


def _lines(lines: Sequence[str], links: bool) -> str:
    return "<br>\n".join(_linked(line.strip()) if links else escape(line.strip()) for line in lines)


def _linked(line: str) -> str:
    parts, at = [], 0
    for found in _LINK.finditer(line):
        words = found.group()
        url = words if words.startswith("http") else f"mailto:{words}"
        parts += [escape(line[at : found.start()]), f'<a href="{escape(url)}">{escape(words)}</a>']
        at = found.end()
    return "".join([*parts, escape(line[at:])])
