"""Tokens of machines: shown once, found by hash, taken back for good."""

import pytest
import time_machine

from identity.domain.enums import ApiScope
from identity.models import ApiToken
from identity.services import api_tokens
from requests_app.domain.errors import ActionRefused
from requests_app.models import AuditEntry

pytestmark = pytest.mark.django_db


def test_a_token_is_found_by_its_hash() -> None:
    text = api_tokens.issue("crm", [ApiScope.CASES_READ, ApiScope.CASES_READ])
    assert text.startswith("dr_")
    assert text not in str(ApiToken.objects.values().get())
    row = api_tokens.find(text)
    assert row is not None
    assert (row.name, row.scopes) == ("crm", ["cases:read"])
    assert api_tokens.find(f"{text}x") is None
    assert api_tokens.find("") is None


def test_names_are_used_once() -> None:
    api_tokens.issue("crm", [ApiScope.CASES_READ])
    with pytest.raises(ActionRefused, match="name_taken"):
        api_tokens.issue("crm", [ApiScope.INQUIRIES_WRITE])


def test_a_revoked_token_is_worthless() -> None:
    text = api_tokens.issue("crm", [ApiScope.CASES_READ])
    api_tokens.revoke("crm")
    api_tokens.revoke("crm")
    assert api_tokens.find(text) is None
    actions = list(AuditEntry.objects.values_list("action", flat=True))
    assert actions == ["api_token.issued", "api_token.revoked"]
    with pytest.raises(ActionRefused, match="token_unknown"):
        api_tokens.revoke("nobody")


def test_the_day_of_the_last_use_is_kept_not_the_hour() -> None:
    text = api_tokens.issue("crm", [ApiScope.CASES_READ])
    with time_machine.travel("2026-11-02T09:00+01:00"):
        api_tokens.find(text)
    assert str(ApiToken.objects.get().last_used_on) == "2026-11-02"
