"""The model of triage: that its weights belong to the texts, and how it judges mails that nobody trained it on."""

import json
import subprocess
import sys

import pytest

from requests_app.mailbox import concepts, features, triage_model
from requests_app.mailbox.suggest import Suggestion, suggest
from training import texts
from training.texts import Text


@pytest.fixture(scope="module")
def judged() -> list[tuple[Text, Suggestion]]:
    """What is said of every mail for judging."""
    return [(text, suggest(text.subject, text.body)) for text in texts.read(texts.JUDGING)]


def test_the_weights_were_made_from_these_texts() -> None:
    assert triage_model.load().made_from == texts.digest(), "run `make triage-model`"


def test_of_unseen_requests_nearly_all_are_shown_to_people(judged: list[tuple[Text, Suggestion]]) -> None:
    """Measured: 109 of 110 as request or unsure."""
    asked = [found for text, found in judged if text.is_request]
    assert sum(bool(found.rights) or found.unsure for found in asked) >= 0.95 * len(asked)


def test_of_the_other_mails_most_are_put_aside(judged: list[tuple[Text, Suggestion]]) -> None:
    """Measured: 77 of 130, and 70 of the 111 that no careful human hesitates at."""
    others = [found for text, found in judged if not text.is_request]
    assert sum(not found.rights and not found.unsure for found in others) >= 0.55 * len(others)


def test_the_rights_of_unseen_requests_are_named(judged: list[tuple[Text, Suggestion]]) -> None:
    """Measured: F1 0.83 of the requests named."""
    hits = wrong = missed = 0
    for text, found in judged:
        if text.is_request and found.rights:
            nearest = min(text.accepted, key=lambda one: len(one ^ set(found.rights)))
            hits, wrong = hits + len(nearest & set(found.rights)), wrong + len(set(found.rights) - nearest)
            missed += len(nearest - set(found.rights))
    assert 2 * hits / (2 * hits + wrong + missed) >= 0.78


def test_no_text_for_judging_was_trained_on() -> None:
    trained = {text.body for text in texts.read(texts.TRAINING)}
    assert not [text.family for text in texts.read(texts.JUDGING) if text.body in trained]


def test_every_right_is_trained_on_in_norwegian_and_english() -> None:
    for language in ("nb", "nn", "en"):
        named = {right for text in texts.read(texts.TRAINING) if text.language == language for right in text.rights}
        assert named == set(triage_model.load().weights) - {triage_model.REQUEST}


def test_a_mail_of_any_length_is_judged_by_its_beginning() -> None:
    text = "Kan dere slette meg? " * 5000
    assert suggest("", text).rights == ("erasure",)


def test_a_long_mail_is_judged_by_its_end_as_well() -> None:
    talk = "Pumpa står fortsatt, og montøren kommer på torsdag med nye pakninger.\n\n" * 150
    asked = "Kan dere slette meg og alt dere har om meg?"
    assert suggest("", talk + asked).probability > suggest("", talk).probability


def test_phrases_gaps_and_beginnings_of_words_are_found() -> None:
    matcher = concepts.Matcher({"stop": "slutt_å", "source": "hvor…nummer*", "delete": "slett*"})
    assert matcher.of("Slutt å ringe") == ["stop"]
    assert matcher.of("Slutt nå å ringe") == []
    assert matcher.of("Hvor har dere fått nummeret mitt fra?") == ["source"]
    assert matcher.of("Hvor har dere som er så mange her fått nummeret?") == []
    assert matcher.of("Slettingen, takk") == ["delete"]


def test_mails_are_judged_by_the_weights_they_are_trained_with() -> None:
    model = triage_model.load()
    mail = features.of("Hei, kan dere slette meg? Slett alt!", ["Kan dere slette meg?", "Slett alt!"])
    weights = features.weights(mail, model.rarity)
    for head, logit in model.logits(mail, tuple(model.weights)).items():
        spoken = sum(model.weights[head][number] * weight for number, weight in weights.items())
        assert logit == pytest.approx(spoken * model.scales[head] + model.biases[head])


def test_the_words_of_a_mail_weigh_together_what_one_does_and_so_do_their_pieces() -> None:
    mail = features.of("Hei på dere", [])
    words = dict.fromkeys((*map(features.word_number, mail.words), *mail.pairs), 1)
    rarity = [words.get(number, 0) for number in range(features.SIZE)]
    assert sum(weight**2 for weight in features.weights(mail, rarity).values()) == pytest.approx(features.WORDS**2)


def test_what_training_has_not_seen_weighs_nothing() -> None:
    assert not any(features.weights(features.of("Hei på dere", []), [0] * features.SIZE).values())


def test_nothing_heavy_is_loaded_before_the_first_mail() -> None:
    code = (
        "import json, sys; from requests_app.mailbox import suggest, triage_model;"
        "print(json.dumps([triage_model.load.cache_info().currsize, 'numpy' in sys.modules, 'sklearn' in sys.modules]))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert json.loads(said) == [0, False, False]
