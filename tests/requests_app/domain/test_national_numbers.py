"""Numbers whose check digits are right are taken out, however people write them; everything else stays as it is."""

import pytest

from requests_app.domain.national_numbers import mask_national_numbers, without_numbers

# All are made up: nobody has them.
ORDINARY, D_NUMBER, H_NUMBER = "01019010046", "41019010110", "01419010029"
TEST_REGISTERS = ("01819010001", "01669010075")  # month + 80 and month + 65


@pytest.mark.parametrize("number", [ORDINARY, D_NUMBER, H_NUMBER, *TEST_REGISTERS])
def test_every_kind_of_number_goes(number: str) -> None:
    assert mask_national_numbers(f"Jeg er {number}.") == ("Jeg er ***********.", 1)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("010190 10046", "****** *****"),
        ("010190-10046", "******-*****"),
        ("010190 - 10046", "****** - *****"),
        ("010190.10046", "******.*****"),
        ("010190\u00a010046", "******\u00a0*****"),
        ("010190\u201110046", "******\u2011*****"),
        ("010190 100 46", "****** *** **"),
        ("01 01 90 10046", "** ** ** *****"),
        ("01.01.90-10046", "**.**.**-*****"),
        ("01.01.1990 10046", "**.**.**** *****"),
        ("01011990 10046", "******** *****"),
        ("fnr01019010046x", "fnr***********x"),
    ],
)
def test_however_it_is_written_each_digit_becomes_an_asterisk_in_its_place(written: str, shown: str) -> None:
    assert mask_national_numbers(f"({written})") == (f"({shown})", 1)


@pytest.mark.parametrize(
    "text",
    [
        "01019010047",  # a check digit is wrong
        "12345678901",
        "1234.56.78903",  # an account
        "+47 22 33 44 55",
        "+01019010046",  # a telephone number abroad
        "010190100461",  # twelve digits
        "2026-11-27 12:30:00",
        "DR-2026-000123-31",
        "",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert mask_national_numbers(text) == (text, 0)


def test_several_in_a_text_are_all_counted() -> None:
    assert mask_national_numbers(f"{ORDINARY} og {D_NUMBER}, ikke 01019010047")[1] == 2
    assert without_numbers(f"{ORDINARY}\n{H_NUMBER}") == "***********\n***********"
