"""Tags and filters behind ``templates/components/``: form fields, deadline badges, panels.

Markup and classes are those of Designsystemet. Nothing here knows a model; what is shown comes in as
plain values, so that every app's pages can use it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django import template
from django.forms import BaseForm, BoundField, Field
from django.forms.boundfield import BoundWidget
from django.template.loader import render_to_string
from django.utils import dateformat, formats, timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from requests_app.domain import national_numbers

register = template.Library()


@register.filter
def without_numbers(text: object) -> str:
    """Return what somebody wrote without the national identity numbers in it."""
    return national_numbers.without_numbers("" if text is None else str(text))


# Days left at which the colour of a deadline changes.
YELLOW_FROM_DAYS = 7
RED_FROM_DAYS = 3

STAGE_COLORS = {
    "received": "info",
    "triaged": "info",
    "in_progress": "accent",
    "decision_draft": "brand2",
    "in_review": "brand2",
    "released": "success",
    "closed": "neutral",
    "waiting": "warning",
    "paused": "warning",
    "extended": "warning",
    "failed": "danger",
}


# Django's own English formats are American; readers here are European.
DATE_FORMATS = {"nb": ("d.m.Y", "j. F Y", r"d.m.Y \k\l. H.i"), "en": ("j M Y", "j F Y", "j M Y, H:i")}


@dataclass(frozen=True)
class Choice:
    """One option of a radio or checkbox group, ready for a template. ``input`` is rendered HTML."""

    id: str
    label: str
    description: str
    input: str


@dataclass(frozen=True)
class FormError:
    """One line of the error summary; ``target`` is the id to jump to, empty when no field is to blame."""

    target: str
    message: str


@dataclass(frozen=True)
class Badge:
    """How near a deadline is: a level (neutral, yellow, red, overdue, paused, done) and its words."""

    level: str
    text: str


@register.simple_tag
def widget(field: BoundField) -> SafeString:
    """Return the field's input with the class of Designsystemet beside the widget's own classes.

    Django itself adds ``aria-invalid`` and points ``aria-describedby`` at ``<id>_helptext`` and
    ``<id>_error``, which is what ``components/field.html`` calls its help text and error.
    """
    return field.as_widget(attrs={"class": _with_class(field.field.widget.attrs)})


@register.simple_tag
def choices(field: BoundField) -> list[Choice]:
    """Return the options of a radio or checkbox group.

    A form may carry ``option_help = {field name: {value: text}}``; the text is shown under the option
    and tied to it by ``aria-describedby``.
    """
    help_texts = getattr(field.form, "option_help", {}).get(field.name, {})
    return [_choice(field, option, help_texts) for option in field.subwidgets]


def _choice(field: BoundField, option: BoundWidget, help_texts: Mapping[str, str]) -> Choice:
    option_id = str(option.id_for_label or "")
    description = str(help_texts.get(str(option.data["value"]), ""))
    attrs = {**option.data["attrs"], "class": _with_class(option.data["attrs"])}
    if description and option_id:
        attrs["aria-describedby"] = f"{option_id}_description"
    described = BoundWidget(option.parent_widget, {**option.data, "attrs": attrs}, field.form.renderer)
    return Choice(option_id, str(option.choice_label), description, described.tag())


def _with_class(attrs: Mapping[str, object]) -> str:
    return f"ds-input {attrs.get('class', '')}".strip()


@register.simple_tag
def form_errors(form: BaseForm) -> list[FormError]:
    """Return every error of the form in reading order, those of the form as a whole first."""
    found = [FormError("", str(message)) for message in form.non_field_errors()]
    for field in form:
        found += [FormError(_first_input_id(field), _in_full(field, str(message))) for message in field.errors]
    return found


def _in_full(field: BoundField, message: str) -> str:
    """Name the field when the message is Django's own "This field is required."."""
    plain = message == str(Field.default_error_messages["required"])
    if not plain:
        return message
    joint = " " if str(field.label).endswith("?") else ": "
    return f"{field.label}{joint}{message}"


def _first_input_id(field: BoundField) -> str:
    if field.is_hidden:
        return ""
    return field.id_for_label or (f"{field.auto_id}_0" if field.auto_id else "")


def deadline(due: date, today: date, *, paused: bool = False, done: bool = False) -> Badge:
    """Return the badge of a due date. Both dates are calendar days in the installation's time zone."""
    left = (due - today).days
    if done:
        return Badge("done", _("Answered"))
    if paused:
        return Badge("paused", _("Paused"))
    if left < 0:
        return Badge("overdue", ngettext("%(days)d day overdue", "%(days)d days overdue", -left) % {"days": -left})
    text = ngettext("%(days)d day left", "%(days)d days left", left) % {"days": left} if left else _("Due today")
    if left <= RED_FROM_DAYS:
        return Badge("red", text)
    return Badge("yellow" if left <= YELLOW_FROM_DAYS else "neutral", text)


@register.inclusion_tag("components/badge.html")
def deadline_badge(due: date | None, paused: bool = False, done: bool = False) -> dict[str, object]:
    """Render the badge of a due date as seen today, with the date beside it; None says "no deadline"."""
    if due is None:
        return {"level": "neutral", "text": _("No deadline"), "date": None}
    badge = deadline(due, timezone.localdate(), paused=paused, done=done)
    return {"level": badge.level, "text": badge.text, "date": due}


@register.filter
def stage_color(stage: str) -> str:
    """Return the colour name of a stage or derived status; neutral when it is not known."""
    return STAGE_COLORS.get(str(stage), "neutral")


@register.filter
def day(value: date | None) -> str:
    """Return a date as short as it can be read: 02.12.2026 or 2 Dec 2026. Empty for None."""
    return _dated(value, 0)


@register.filter
def long_day(value: date | None) -> str:
    """Return a date with the month's name: 2. desember 2026 or 2 December 2026. Empty for None."""
    return _dated(value, 1)


@register.filter
def moment(value: datetime | None) -> str:
    """Return date and time of day in the installation's time zone. Empty for None."""
    return _dated(value, 2)


def number(value: int) -> str:
    """Return a number with its thousands apart, as the active language writes them."""
    return formats.number_format(value, force_grouping=True)


def _dated(value: date | None, style: int) -> str:
    if not value:
        return ""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return dateformat.format(value, DATE_FORMATS[_language()][style])


def _language() -> str:
    language = (get_language() or "nb").split("-")[0]
    return language if language in DATE_FORMATS else "en"


@register.filter
def unbroken(reference: object) -> SafeString:
    """Return a reference that stays on one line; its hyphens must stay what they are, for it is copied."""
    return format_html('<span class="nowrap">{}</span>', reference)


@register.filter
def localised(value: object) -> str:
    """Return a text of the organisation's settings: a plain one, or that of a {nb, en} pair. "" when unset."""
    if not isinstance(value, Mapping):
        return str(value or "")
    return str(value.get(_language()) or next(iter(value.values()), "") or "")


@register.filter
def web_address(value: object) -> str:
    """Return an address as a link needs it; the settings may say "www.example.com"."""
    address = localised(value)
    return address if not address or "://" in address else f"https://{address}"


@register.simple_block_tag
def panel(content: str, title: str, panel_id: str = "", tone: str = "", count: object = None) -> SafeString:
    """Wrap the content in ``components/panel.html``: ``{% panel title=… panel_id=… %}…{% endpanel %}``."""
    context = {"title": title, "id": panel_id, "tone": tone, "count": count, "body": conditional_escape(content)}
    return mark_safe(render_to_string("components/panel.html", context))  # noqa: S308 - rendered by a template
