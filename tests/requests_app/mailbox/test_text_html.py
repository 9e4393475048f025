"""The HTML of our mails: the words of the text and nothing else, whoever wrote them."""

import re

import pytest

from requests_app.mailbox import html
from requests_app.mailbox.text_html import fragment, page

LETTER = """Hei, Kari Holm

Den 5. mars 2026 kl. 10.12 skrev du:
> Hvor har dere nummeret mitt fra?
> - fra Facebook?
>
>> Eldre ord

Slik har vi forst\u00e5tt den:
  - Innsyn
  - Sletting av
    gamle ordre

31. juli 2026 er siste dag.
1. Svar oss
2. Vent

F\u00f8lg saken her (https://rett.optimar.no/s/abc?x=1&y=2).
Skriv til info@optimar.no.
"""


def test_it_has_paragraphs_lists_links_and_quotations() -> None:
    made = fragment(LETTER)
    assert "<p>Hei, Kari Holm</p>" in made
    assert (
        "<p>Slik har vi forst\u00e5tt den:</p>\n<ul>\n<li>Innsyn</li>\n<li>Sletting av<br>\ngamle ordre</li>\n</ul>"
        in made
    )
    assert "<ol>\n<li>Svar oss</li>\n<li>Vent</li>\n</ol>" in made
    assert "<p>31. juli 2026 er siste dag.</p>" in made
    assert '(<a href="https://rett.optimar.no/s/abc?x=1&amp;y=2">' in made
    assert "</a>).<br>" in made
    assert '<a href="mailto:info@optimar.no">info@optimar.no</a>.' in made
    assert "<blockquote>\n<p>Hvor har dere nummeret mitt fra?</p>\n<ul>" in made
    assert "<blockquote>\n<p>Eldre ord</p>\n</blockquote>\n</blockquote>" in made


@pytest.mark.parametrize(
    "text", [LETTER, "- a\n- b\nc", "1. a\n3. b", ">\n> x\ny", "x\n> y", "> " * 60 + "dypt", "-", ""]
)
def test_no_word_of_the_text_is_missing(text: str) -> None:
    assert re.findall(r"\w+", html.to_text(page(text, title="", language="nb"))) == re.findall(r"\w+", text)


@pytest.mark.parametrize(
    "nasty",
    [
        "<script>alert(1)</script>",
        "<img src=https://example.com/x.png>",
        'https://example.com/"onclick="x',
        "> <b>x</b>",
        "- <i>x</i>",
        "javascript:alert(1)",
        "&lt;b&gt;",
    ],
)
def test_what_people_write_stays_text(nasty: str) -> None:
    made = page(nasty, title="</title><b>", language="nb")
    assert not re.search(r"<(script|img|b|i|title></title)\b", made)
    assert 'onclick="' not in made
    assert "javascript:" not in made.replace("<p>javascript:alert(1)</p>", "")


def test_nothing_is_loaded_and_nothing_tells_on_the_reader() -> None:
    made = page(LETTER, title="Saken din", language="en")
    assert '<html lang="en">' in made
    assert re.findall(r"<(?:img|link|script|style|iframe|object|form)\b|\bsrc=|url\(", made) == []


def test_a_quotation_links_nowhere() -> None:
    assert "<a " not in fragment("> se https://example.com/ og a@example.com")


def test_a_long_text_is_made_in_one_go() -> None:
    made = fragment("\n".join(f"- punkt {number}\n\n> sitat\n\n{'ord ' * 20}" for number in range(2000)))
    assert made.count("<ul>") == 2000
