"""What tells who wrote a mail is taken out of it, and what it asks for stays."""

import pytest

from requests_app.mailbox.masking import masked


@pytest.mark.parametrize(
    "text,left",
    [
        ("Skriv til kari@example.com eller https://x.example/kari.", "Skriv til … eller …"),
        ("Ring 99 88 77 66.", "Ring 00 00 00 00."),
        ("Født 010190 12345", "Født 000000 00000"),
        ("Hei Siri Berg,\nslett meg", "Hei …,\nslett meg"),
        ("Jeg heter Ola Nordmann og vil slettes.", "Jeg heter … og vil slettes."),
        ("Her bor fru Holm.", "Her bor fru …."),
        ("Dear Mr. K. Holm, delete it", "Dear Mr. …, delete it"),
        ("Navn: ola nordmann\nMelding: slett meg", "Navn: …\nMelding: slett meg"),
        ("Jeg bor i Storgata 12 B, 6005 Ålesund.", "Jeg bor i …, 0000 …."),
        ("Slett alt om Kari Nordmann, takk.", "Slett alt om …, takk."),
        (
            "Slett meg.\n\nMed vennlig hilsen\nOla Nordmann\nDaglig leder",
            "Slett meg.\n\nMed vennlig hilsen\n… …\n… leder",
        ),
        ("Slett meg. Mvh Ola", "Slett meg. Mvh Ola"),
    ],
)
def test_addresses_numbers_and_names_are_taken_out(text: str, left: str) -> None:
    assert masked(text, language="nb") == left


def test_the_people_of_the_mail_are_taken_out_wherever_they_stand() -> None:
    known = ["Ola Nordmann", "ola.strand@example.com"]
    assert masked("nordmann her, Ola Strand altså. Olas konto", known) == "… her, … … altså. Olas konto"


def test_what_is_asked_for_stays_word_for_word() -> None:
    text = "Jeg krever innsyn etter GDPR i alt dere har om meg.\nOg Slett kontoen min!"
    assert masked(text, language="nb") == text
    english = "I make a Subject Access Request under the Data Protection Act."
    assert masked(english, language="en") == english


def test_no_text_takes_long() -> None:
    for text in ("a." * 6_000, "A" * 12_000, "Hei " + "Kari " * 3_000, "1 " * 6_000, "@" * 12_000, "navn:" * 3_000):
        assert masked(text, ["Kari"], "nb")
