"""Every ground has its words and is cited as lawyers cite it."""

import pytest
from django.utils import translation

from requests_app.domain.enums import Right
from requests_app.domain.grounds import GROUNDS, Ground
from requests_app.ground_labels import GROUNDS as WORDS
from requests_app.ground_labels import article, cited, cited_in_full


@pytest.mark.parametrize(
    "ground,text",
    [
        (Ground.LEGAL_OBLIGATION, "Article 17(3)(b)"),
        (Ground.COMPELLING_GROUNDS, "Article 21(1)"),
        (Ground.DATA_ACCURATE, "Article 16"),
        (Ground.SECTION_16_E, "section 16, first paragraph, letter (e), of the Personal Data Act"),
    ],
)
def test_the_article_in_english(ground: Ground, text: str) -> None:
    with translation.override("en"):
        assert article(ground) == text


def test_every_ground_has_words_and_every_ground_is_used() -> None:
    assert set(WORDS) == set(Ground)
    assert {ground for grounds in GROUNDS.values() for ground in grounds} == set(Ground)
    with translation.override("en"):
        assert cited(Ground.ARCHIVE) == "Archiving, research or statistics in the public interest (Article 17(3)(d))"


def test_a_letter_also_says_which_law() -> None:
    with translation.override("en"):
        assert cited_in_full(Ground.LEGAL_CLAIMS, Right.OBJECTION).endswith("(Article 21(1) of the GDPR)")
        assert cited_in_full(Ground.SECTION_16_E).endswith("letter (e), of the Personal Data Act)")
