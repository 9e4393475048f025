"""Where the sentences that speak for a request stand: found again in the text as it is kept."""

from itertools import pairwise

import pytest

from requests_app.domain.enums import Right
from requests_app.mailbox import speaking
from requests_app.mailbox.suggest import REASON_LENGTH, Suggestion, suggest
from training import texts

ACCESS = "Hvilke opplysninger har dere om meg?"
ERASURE = "Og så vil jeg at dere sletter kontoen min."


def spoken(subject: str, text: str, inside: str = "") -> list[tuple[str, str, list[str]]]:
    """The part, the words and the rights of each passage."""
    parts = {"subject": subject, "text": text, "inside": inside}
    suggestion = suggest(subject, "\n\n".join(filter(None, (text, inside))))
    found = speaking.passages(suggestion, parts)
    return [(one["part"], parts[one["part"]][one["start"] : one["end"]], one["rights"]) for one in found]


def test_each_right_has_the_sentence_that_asks_for_it() -> None:
    found = spoken("Hei", f"Hei!\n\n{ACCESS} {ERASURE}\n\nHilsen Kari")
    assert ("text", ACCESS, ["access"]) in found
    assert ("text", ERASURE, ["erasure"]) in found


def test_a_sentence_is_found_over_the_ends_of_lines_and_around_an_address() -> None:
    wrapped = "Hvilke opplysninger\nhar dere om   meg (kari@example.com) i dag?"
    assert ("text", wrapped, ["access"]) in spoken("Hei", f"Hei!\n\n{wrapped}\n\nKari")


def test_the_subject_and_the_attached_mail_have_passages_of_their_own() -> None:
    assert spoken("Slett kontoen min", "Takk.")[0][:2] == ("subject", "Slett kontoen min")
    assert ("inside", ERASURE, ["erasure"]) in spoken("Hei", "Se under.", ERASURE)


def test_a_short_sentence_is_not_found_within_a_longer_one() -> None:
    reasons = ("Slett meg.", "Vennligst Slett meg. nå")
    found = speaking.passages(
        Suggestion((), "nb", reasons, 0.4, unsure=True), {"text": "Vennligst Slett meg. nå\n\nSlett meg."}
    )
    assert [(one["start"], one["end"]) for one in found] == [(0, 23), (25, 35)]


def test_a_greeting_is_not_worth_showing() -> None:
    assert "Hei!" not in [words for _part, words, _rights in spoken("Innsyn", f"Hei!\n\n{ACCESS}")]


def test_nor_is_one_word_where_little_else_speaks() -> None:
    found = spoken("Innsyn i egne opplysninger", "Hei!\n\nJeg ber om innsyn etter personvernforordningen artikkel 15.")
    assert "Hei!" not in [words for _part, words, _rights in found]


def test_the_lines_above_a_mail_that_is_passed_on_are_no_words_of_its_writer() -> None:
    head = "Fra: Vilde Haugland\nSendt: mandag 9. november 2026 14:05\nTil: Ola Selger\nEmne: Hva vet dere om meg?"
    found = spoken("VS: Hva vet dere om meg?", f"Hei, denne kom til meg.\n\n{head}\n\nHei, {ACCESS.lower()}")
    assert ("text", "Hva vet dere om meg?") in [(part, words) for part, words, _rights in found]
    assert not any("november" in words for _part, words, _rights in found)


def test_what_stands_nowhere_as_it_was_read_is_left_out() -> None:
    torn = "Jeg ber om innsyn i\n> gammelt sitat\nalle opplysninger om meg."
    assert all(words in torn for part, words, _rights in spoken("Hei", torn) if part == "text")
    assert speaking.passages(Suggestion((), "nb", ("finnes ikke her",), 0.4), {"text": "noe annet"}) == []


@pytest.mark.parametrize("length", [REASON_LENGTH - 1, REASON_LENGTH, REASON_LENGTH + 40])
def test_a_sentence_that_was_cut_is_marked_as_far_as_it_was_kept(length: int) -> None:
    sentence = ("Slett alle opplysningene dere har om meg " * 20)[:length].strip()
    reason = sentence[:REASON_LENGTH]
    (found,) = speaking.passages(Suggestion(("erasure",), "nb", (reason,), 0.9), {"text": f"Hei.\n{sentence}\n"})
    assert (found["start"], found["rights"]) == (5, ["erasure"])
    assert found["end"] >= 5 + len(reason)


def test_of_every_mail_for_judging_the_passages_stand_apart_and_name_only_suggested_rights() -> None:
    for text in texts.read(texts.JUDGING):
        suggestion = suggest(text.subject, text.body)
        parts = {"subject": text.subject, "text": text.body}
        found = speaking.passages(suggestion, parts)
        assert bool(found) == bool(suggestion.reasons)
        for one, following in pairwise(found):
            assert one["part"] != following["part"] or one["end"] <= following["start"]
        assert {right for one in found for right in one["rights"]} <= set(suggestion.rights) <= set(Right)
