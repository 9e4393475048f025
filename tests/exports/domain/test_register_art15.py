"""The information of Art. 15, ready to print: the right words, no unknown, no example, in both languages."""

import dataclasses

import pytest

from exports.domain.register import (
    ActivityText,
    ExampleValue,
    Register,
    Text,
    UnknownValue,
    art15,
    controller_text,
    parse_text,
)
from exports.domain.register_fields import with_value

from .register_files import SMALL, all_ids, ours, small, trial


def printed(texts: list[ActivityText]) -> str:
    """Everything that the texts put on paper."""
    lines = [line for text in texts for fact in text.facts for line in (fact.heading, *fact.lines, fact.note)]
    return "\n".join([*lines, *(text.name for text in texts)])


def test_an_activity_of_which_all_is_known() -> None:
    (text,) = art15(small(), ["A1"], "nb")
    assert (text.activity_id, text.name, text.missing) == ("A1", "Bestillinger", ())
    said = {fact.key: (fact.article, fact.lines) for fact in text.facts}
    assert said == {
        "purposes": ("15(1)(a)", ("for å levere brød",)),
        "legal_basis": ("6", ("avtale",)),
        "categories": ("15(1)(b)", ("Kontakt: name, adresse",)),
        "sources": ("15(1)(g)", ("deg selv",)),
        "recipients": ("15(1)(c)", ("Budbilen AS",)),
        "transfers": ("15(2)", ("Opplysningene overføres ikke ut av EØS.",)),
        "safeguards": ("15(2)", ("Ikke aktuelt, fordi opplysningene ikke overføres ut av EØS.",)),
        "retention": ("15(1)(d)", ("fem år",)),
        "automated": (
            "15(1)(h)",
            (
                "Ingen avgjørelse som har rettsvirkning for deg, eller som på lignende måte påvirker deg i "
                "betydelig grad, treffes utelukkende automatisk.",
            ),
        ),
        "rights": ("15(1)(e)", ("å få se opplysningene og en kopi av dem", "å få slettet opplysningene")),
    }


def test_english_is_english() -> None:
    (text,) = art15(small(), ["A1"], "en")
    assert text.retention.heading == "How long we keep the data"
    assert text.retention.lines == ("five years",)
    assert text.transfers.lines == ("The data is not transferred out of the EEA.",)
    assert not set("æøåÆØÅ") & set(printed([text]))


def test_another_language_is_an_error_and_no_guess() -> None:
    with pytest.raises(ValueError, match="not sv"):
        art15(small(), ["A1"], "sv")


def test_activities_come_in_register_order() -> None:
    texts = art15(trial(), ["PA10", "PA08"], "nb", trial=True)
    assert [text.activity_id for text in texts] == ["PA08", "PA10"]


def test_profiling_and_transfers_are_said_in_words() -> None:
    register = parse_text(
        SMALL.replace("art22: false", "art22: {en: a score, nb: en poengsum}\n    profiling: true").replace(
            "outside_eea: false", "outside_eea: USA, safeguards: {en: clauses, nb: standardvilkår}"
        )
    )
    (text,) = art15(register, ["A1"], "nb")
    assert text.automated.lines == (
        "en poengsum",
        "Opplysningene brukes til profilering: Interessene og kjennetegnene dine blir anslått automatisk.",
    )
    assert text.transfers.lines == ("USA",)
    assert text.safeguards.lines == ("standardvilkår",)
    assert text.safeguards.note == "Du kan be om en kopi av garantiene på post@bakeriet.example."


def test_a_conditional_right_carries_its_condition() -> None:
    (text,) = art15(ours(), ["PA03"], "nb", missing_ok=True)
    assert text.rights.lines[-1] == (
        "å få opplysningene i maskinlesbar form, slik at du kan ta dem med deg til andre, "
        "hvis behandlingsgrunnlaget er avtale eller samtykke"
    )


@pytest.mark.parametrize(
    "activity_id, note",
    [
        ("PA08", "How to withdraw your consent: use the 'Unsubscribe' link at the bottom of an e-mail."),
        ("PA01", "How to say no: you can set your browser to refuse cookies."),
        ("PA02", ""),
    ],
)
def test_how_to_withdraw_consent(activity_id: str, note: str) -> None:
    (text,) = art15(ours(), [activity_id], "en", missing_ok=True)
    assert text.rights.note == note


@pytest.mark.parametrize("language", ["nb", "en"])
def test_an_unknown_cannot_be_printed(language: str) -> None:
    with pytest.raises(UnknownValue) as caught:
        art15(ours(), ["PA08"], language)
    assert caught.value.path == "activities.PA08.transfers.outside_eea"
    with pytest.raises(UnknownValue) as sender:
        controller_text(ours(), language)
    assert sender.value.path == "controller.legal_entity_name"


@pytest.mark.parametrize("language", ["nb", "en"])
def test_by_leave_the_answer_goes_with_named_gaps(language: str) -> None:
    texts = art15(ours(), all_ids(ours()), language, missing_ok=True)
    paper = printed(texts).lower()
    for forbidden in ("unknown", "ukjent", "unnamed", "ikke navngitt", "others possible", "eventuelle andre"):
        assert forbidden not in paper
    marketing = next(text for text in texts if text.activity_id == "PA08")
    assert marketing.retention.lines == ()
    expected = {
        "nb": "hvor lenge opplysningene lagres (Direkte markedsføring og nettverksbygging)",
        "en": "how long the data is kept (Direct marketing and networking)",
    }
    assert expected[language] in marketing.missing


def test_by_leave_the_named_recipients_are_still_printed() -> None:
    (text,) = art15(ours(), ["PA07"], "nb", missing_ok=True)
    assert "LinkedIn" in text.recipients.lines
    assert text.recipients.missing == "navnene på dem som får opplysningene"


def test_a_bare_yes_is_printed_by_leave_and_names_what_it_lacks() -> None:
    register = parse_text(SMALL.replace("outside_eea: false", "outside_eea: true"))
    (text,) = art15(register, ["A1"], "en", missing_ok=True)
    assert text.transfers.lines == ("The data is transferred out of the EEA.",)
    assert text.transfers.missing == "to which countries outside the EEA the data is transferred"


def test_a_category_without_items_is_a_gap() -> None:
    register = parse_text(SMALL.replace("items: [name, {en: address, nb: adresse}]", "items: unknown"))
    (text,) = art15(register, ["A1"], "nb", missing_ok=True)
    assert (text.categories.lines, text.categories.missing) == ((), "hva slags opplysninger som brukes")
    with pytest.raises(UnknownValue, match=r"data_categories\.contact\.items"):
        art15(register, ["A1"], "nb")


@pytest.mark.parametrize("missing_ok", [False, True])
@pytest.mark.parametrize("language", ["nb", "en"])
def test_an_example_is_never_printed_outside_a_trial(language: str, missing_ok: bool) -> None:
    ids = all_ids(trial())
    if not missing_ok:
        with pytest.raises(ExampleValue):
            art15(trial(), ids, language)
        with pytest.raises(ExampleValue):
            controller_text(trial(), language)
        return
    paper = printed(art15(trial(), ids, language, missing_ok=True)) + repr(
        dataclasses.astuple(controller_text(trial(), language, missing_ok=True))
    )
    for trace in ("example", "eksempel", "(eksempelverdi)", "24 months", "24 måneder"):
        assert trace not in paper.lower()


def test_a_trial_prints_examples_as_examples() -> None:
    (text,) = art15(trial(), ["PA08"], "en", trial=True)
    assert text.retention.lines == ("24 months after the last activity (example value)",)
    (text,) = art15(trial(), ["PA08"], "nb", trial=True)
    assert text.retention.lines == ("24 måneder etter den siste aktiviteten (eksempelverdi)",)
    assert controller_text(trial(), "nb", trial=True).legal_entity_name == "Eksempelselskapet AS (eksempelverdi)"


def test_any_printed_field_may_hide_an_example_and_none_gets_through() -> None:
    """Spoil a good register field by field: the builder refuses each one by its path."""
    single, several = Text("invented", "oppdiktet", example=True), (Text("invented", "oppdiktet", example=True),)
    for field in ("name", "legal_basis", "retention", "automated_decision_art22", "profiling"):
        assert refused(with_value(small(), f"activities.A1.{field}", single)) == f"activities.A1.{field}"
    for field in ("purposes", "data_categories", "sources", "recipients"):
        assert refused(with_value(small(), f"activities.A1.{field}", several)) == f"activities.A1.{field}"
    assert refused(with_value(small(), "data_categories.contact.items", several)) == "data_categories.contact.items"
    outside = "activities.A1.transfers.outside_eea"
    assert refused(with_value(small(), outside, single)) == outside


def refused(register: Register) -> str:
    """The path for which the builder refuses."""
    with pytest.raises(ExampleValue) as caught:
        art15(register, ["A1"], "en")
    return caught.value.path


def test_the_sender_of_the_letter() -> None:
    sender = controller_text(small(), "nb")
    assert dataclasses.asdict(sender) == {
        "name": "Bakeriet",
        "legal_entity_name": "Bakeriet AS",
        "org_number": "999888777",
        "postal_address": "Torget 1, 0001 Byen",
        "rights_contact": "post@bakeriet.example",
        "dpo": "",
        "missing": (),
    }
