"""Nobody is asked for a copy of an identity document: no page for the public takes a file."""

import re

import pytest
from django import forms
from django.apps import apps

from tests.architecture.test_direction import ROOT

PORTALS = sorted(
    path for app in ("requests_app", "identity", "exports") for path in (ROOT / app / "portal").glob("*.py")
)
PAGES = sorted(path for path in (ROOT / "templates").rglob("*.html") if "portal" in path.parts)


def _subclasses(kind: type[forms.Form]) -> set[type[forms.Form]]:
    found = set(kind.__subclasses__())
    return found | {deeper for one in found for deeper in _subclasses(one)}


def test_no_form_of_the_portal_has_a_field_for_files() -> None:
    assert apps.ready
    modules = {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in PORTALS}
    for module in modules:
        __import__(module)
    ours = [one for one in _subclasses(forms.Form) if one.__module__ in modules]
    assert ours
    assert [one for one in ours for field in one.base_fields.values() if isinstance(field, forms.FileField)] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_no_page_of_the_portal_can_send_one(path: object) -> None:
    source = ROOT.joinpath(str(path)).read_text(encoding="utf-8")
    assert not re.search(r"""type\s*=\s*["']?file|multipart/form-data""", source, re.IGNORECASE)


@pytest.mark.parametrize("path", PORTALS, ids=lambda path: path.name)
def test_no_view_of_the_portal_reads_one(path: object) -> None:
    assert ".FILES" not in ROOT.joinpath(str(path)).read_text(encoding="utf-8")
