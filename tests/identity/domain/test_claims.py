"""What looks like a national identity number is dropped, whatever it is called; rules about claims are read."""

import pytest

from identity.domain.claims import ClaimRule, read_rule, without_national_numbers

NUMBER = "31017012345"


@pytest.mark.parametrize(
    "claims",
    [
        {"nin": "x"}, {"pid": "x"}, {"socialno": "x"}, {"nnin_altsub": "x"}, {"no.bankid/nnin": "x"}, {"ssn": "x"},
        {"fodselsnummer": "x"}, {"fødselsnummer": "x"}, {"personnummer": "x"}, {"national_id": "x"}, {"cprNumber": "x"},
        {"anything": NUMBER}, {"anything": int(NUMBER)}, {"anything": "310170 12345"}, {"anything": f"no:{NUMBER}"},
        {"anything": {"inner": [NUMBER]}}, {"anything": {NUMBER: 1}}, {"anything": {"pid": "x"}}, {"sub": NUMBER},
    ],
)  # fmt: skip
def test_dropped(claims: dict[str, object]) -> None:
    assert without_national_numbers({**claims, "name": "Kari Holm"}) == {"name": "Kari Holm"}


def test_kept() -> None:
    said = {
        "sub": "9578-5999-4-1765543", "name": "Kari Holm", "exp": 1_795_000_000, "phone_number": "+47 22 33 44 55",
        "birthdate": "1970-01-01", "amr": ["mfa"], "email_verified": True, "txn": "b5b2a5c0-3a2e",
    }  # fmt: skip
    assert without_national_numbers(said) == said


def test_what_is_too_deep_to_look_at_is_dropped() -> None:
    deep: object = "x"
    for _ in range(30):
        deep = [deep]
    assert without_national_numbers({"deep": deep}) == {}


def test_rules() -> None:
    assert read_rule("") is None
    rule = read_rule("amr=mfa")
    assert rule == ClaimRule("amr", "mfa")
    assert rule.met_by({"amr": ["pwd", "mfa"]})
    assert rule.met_by({"amr": "mfa"})
    for other in ({}, {"amr": "pwd mfa"}, {"amr": ["pwd"]}, {"acr": "mfa"}, {"amr": {"mfa": 1}}, {"amr": None}):
        assert not rule.met_by(other)
    for bad in ("amr", "=mfa", "amr=", " = "):
        with pytest.raises(ValueError, match="amr=mfa"):
            read_rule(bad)
