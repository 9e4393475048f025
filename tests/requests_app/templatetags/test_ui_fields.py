"""Form components: what a person who hears the page instead of seeing it is told."""

from collections.abc import Iterator
from typing import ClassVar

import pytest
from django import forms
from django.template.loader import render_to_string
from django.utils import translation
from lxml import html  # type: ignore[import-untyped]


class Contact(forms.Form):
    """One field of each kind that the components tell apart."""

    option_help: ClassVar = {"right": {"access": "You get a copy."}}

    right = forms.ChoiceField(
        label="What is this about?",
        widget=forms.RadioSelect,
        choices=[("access", "See my data"), ("unsure", "I am not sure")],
    )
    email = forms.EmailField(
        label="E-mail address",
        help_text="We send a receipt.",
        error_messages={"invalid": "Write the address like name@example.com"},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "class": "medium"}),
    )
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    agree = forms.BooleanField(label="I agree")
    draft = forms.CharField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, object]:
        """Complain about the form as a whole."""
        raise forms.ValidationError("The form was open for too long.")


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def shown(template: str, **context: object) -> html.HtmlElement:
    return html.fragment_fromstring(render_to_string(f"components/{template}", context), create_parent="div")


def one(page: html.HtmlElement, path: str) -> html.HtmlElement:
    found = page.xpath(path)
    assert len(found) == 1, f"{path}: {len(found)} found"
    return found[0]


def described(page: html.HtmlElement, element: html.HtmlElement) -> str:
    """The text that aria-describedby of the element points at; fails when it points at nothing."""
    return " ".join(one(page, f"//*[@id='{name}']").text_content() for name in element.get("aria-describedby").split())


def test_field_in_error_is_tied_to_its_help_and_its_message() -> None:
    page = shown("field.html", field=Contact({"email": "ada@"})["email"])
    field = one(page, "//input")
    assert (field.get("aria-invalid"), field.get("autocomplete")) == ("true", "email")
    assert set(field.get("class").split()) == {"ds-input", "medium"}
    assert described(page, field) == "We send a receipt. Write the address like name@example.com"
    assert one(page, "//label").get("for") == field.get("id")


@pytest.mark.parametrize(("name", "words"), [("email", "Must be filled in"), ("note", "Optional")])
def test_required_and_optional_are_said_in_words(name: str, words: str) -> None:
    field = Contact()[name]
    assert words in one(shown("field.html", field=field), "//label").text_content()
    assert words not in one(shown("field.html", field=field, nomark=True), "//label").text_content()


def test_radios_are_a_named_group_with_descriptions() -> None:
    page = shown("field.html", field=Contact({})["right"])
    assert "What is this about?" in one(page, "//fieldset/legend").text_content()
    first, second = page.xpath("//input[@type='radio']")
    assert described(page, first) == "You get a copy."
    assert second.get("aria-describedby") is None
    assert {first.get("aria-invalid"), second.get("aria-invalid")} == {"true"}
    assert described(page, one(page, "//fieldset")) == "This field is required."
    assert [label.get("for") for label in page.xpath("//label")] == [first.get("id"), second.get("id")]


def test_chosen_option_stays_chosen() -> None:
    page = shown("field.html", field=Contact({"right": "unsure"})["right"])
    assert one(page, "//input[@checked]").get("value") == "unsure"


def test_summary_lists_every_error_in_order_and_leads_to_the_field() -> None:
    form = Contact({"email": "ada@"})
    summary = shown("error_summary.html", form=form)
    fields = html.fragment_fromstring(
        "".join(render_to_string("components/field.html", {"field": field}) for field in form), create_parent="div"
    )
    assert [line.text_content() for line in summary.xpath("//li")] == [
        "The form was open for too long.",
        "What is this about? This field is required.",
        "Write the address like name@example.com",
        "I agree: This field is required.",
        "Draft: This field is required.",
    ]
    assert len(summary.xpath("//a")) == 3, "neither the form as a whole nor a hidden field can be gone to"
    for link in summary.xpath("//a"):
        one(fields, f"//*[@id='{link.get('href')[1:]}']")


def test_summary_takes_focus_and_is_absent_without_errors() -> None:
    box = one(shown("error_summary.html", form=Contact({})), "//*[@role='alert']")
    assert (box.get("tabindex"), box.get("autofocus")) == ("-1", "")
    assert shown("error_summary.html", form=Contact()).text_content().strip() == ""


def test_what_a_person_wrote_is_never_markup() -> None:
    page = shown("field.html", field=Contact({"note": "</textarea><script>x</script>"})["note"])
    assert page.xpath("//script") == []
