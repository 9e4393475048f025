"""The letters as a catalogue: what each says, when it goes, and the organisation's own text in its place."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from requests_app.domain import letters as catalogue
from requests_app.domain.errors import ActionRefused
from requests_app.domain.letters import Audience, StandardLetter, Variable
from requests_app.models import LetterText
from requests_app.permissions import Permission, may, requires, staff
from requests_app.reasons import sentence
from requests_app.services import letter_texts
from requests_app.services.wording import Source, Words
from requests_app.templatetags.ui import long_day, moment

from . import letter_words
from .letter_forms import RestoreForm, TextForm

REFUSED, INVALID = 409, 422


@dataclass(frozen=True)
class Stand:
    """The text of a letter in one language: `edited` is its newest version, None for the text as delivered."""

    language: str
    called: Promise
    edited: LetterText | None


@dataclass(frozen=True)
class Row:
    """One letter of the list."""

    letter: StandardLetter
    name: str
    trigger: str
    approval: Promise
    stands: tuple[Stand, ...]


@dataclass(frozen=True)
class Name:
    """A name that a text may use, and what it looks like with its sample."""

    name: str
    what: str
    kind: Promise | str
    sample: str
    must: str


@requires(Permission.VIEW_CASES)
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """Show every letter, to the person by mail, as an answer, and to our own people."""
    newest: dict[tuple[str, str], LetterText] = {}
    for row in LetterText.objects.defer("subject", "body"):
        newest.setdefault((row.letter, row.language), row)
    rows = [_row(letter, newest) for letter in catalogue.LETTERS.values()]
    groups = [
        (gettext_lazy("Mails to the person"), "mails", [r for r in _to(rows, Audience.PERSON) if r.letter.is_mail]),
        (gettext_lazy("Answers as PDF"), "answers", [r for r in rows if not r.letter.is_mail]),
        (gettext_lazy("To those who received data"), "recipients", _to(rows, Audience.RECIPIENT)),
        (gettext_lazy("Mails to colleagues"), "notices", _to(rows, Audience.STAFF)),
    ]
    return render(request, "requests_app/desk/letters.html", {"groups": groups})


@requires(Permission.VIEW_CASES)
@require_safe
def letter(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Show one letter in one language: as it looks, its text, what it may name, and every version of it."""
    return _page(request, _find(key, language), language)


@requires(Permission.EDIT_TEXTS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Write an own text; the button “preview” shows it filled in, the other one saves it."""
    found = _find(key, language)
    if not found.editable:
        raise Http404
    now = letter_texts.in_force(found, language)
    initial = {"subject": now.subject, "body": now.body, "version": now.version}
    form = TextForm(request.POST or None, letter=found, language=language, initial=initial)
    preview, status = None, 200
    if request.method == "POST" and not form.is_valid():
        status = INVALID
    elif request.method == "POST" and request.POST.get("step") == "save":
        try:
            _save(request, form)
        except ActionRefused as refused:
            form = TextForm(_newest(request, found, language), letter=found, language=language)
            form.add_error(None, str(sentence(refused.reason)))
            status = REFUSED
        else:
            messages.success(request, _("The text is saved. It is used from the next letter on."))
            return redirect("requests:desk:letter", key, language)
    elif request.method == "POST":
        given = Source(form.cleaned_data["subject"], form.cleaned_data["body"], own=True)
        preview = letter_texts.sample(found, language, given)
    page = _context(found, language) | {
        "form": form,
        "preview": preview,
        "now": now if form.is_bound else None,
        "changes": letter_words.compared(_whole(form.cleaned_data), _whole_of(now)) if preview else [],
    }
    return render(request, "requests_app/desk/letter_edit.html", page, status=status)


@requires(Permission.EDIT_TEXTS)
@require_POST
def restore(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Put the delivered text in force again."""
    found, form = _find(key, language), RestoreForm(request.POST)
    if not form.is_valid():
        return _page(request, found, language, restoring=form, status=INVALID)
    given = form.cleaned_data
    try:
        letter_texts.restore(
            found, language, expected=given["version"], reason=given["reason"], actor=staff(request).as_actor()
        )
    except ActionRefused as refused:
        form = RestoreForm(_newest(request, found, language))
        form.add_error(None, str(sentence(refused.reason)))
        return _page(request, found, language, restoring=form, status=REFUSED)
    messages.success(request, _("The delivered text is in force again."))
    return redirect("requests:desk:letter", key, language)


def _find(key: str, language: str) -> StandardLetter:
    if key not in catalogue.LETTERS or language not in catalogue.LANGUAGES:
        raise Http404
    return catalogue.LETTERS[key]


def _to(rows: list[Row], audience: Audience) -> list[Row]:
    return [row for row in rows if row.letter.audience is audience]


def _row(letter: StandardLetter, newest: dict[tuple[str, str], LetterText]) -> Row:
    found = {one: newest.get((letter.key, one)) for one in catalogue.LANGUAGES}
    reader = get_language()
    return Row(
        letter,
        letter_words.in_language(letter.name, reader),
        letter_words.in_language(letter.trigger, reader),
        letter_words.APPROVALS[letter.approval],
        tuple(
            Stand(one, letter_words.LANGUAGES[one], row if row and not row.restored else None)
            for one, row in found.items()
        ),
    )


def _page(
    request: HttpRequest, found: StandardLetter, language: str, *, restoring: RestoreForm | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    now, delivered = letter_texts.in_force(found, language), letter_texts.default(found, language)
    edits = may(staff(request), Permission.EDIT_TEXTS)
    versions = LetterText.objects.of(found.key, language).select_related("created_by")
    wrong = letter_texts.check(found, language, now.subject, now.body) if now.own else []
    page = _context(found, language) | {
        "now": now,
        "wrong": [letter_words.said(one.fault) for one in wrong],
        "preview": None if wrong else letter_texts.sample(found, language, now),
        "history": [(row, letter_words.compared(_whole_of(row), _whole_of(delivered))) for row in versions],
        "edits": edits,
        "form": restoring,
        "restoring": (restoring or RestoreForm(initial={"version": now.version})) if edits and now.own else None,
    }
    return render(request, "requests_app/desk/letter.html", page, status=status)


def _context(found: StandardLetter, language: str) -> dict[str, Any]:
    row = _row(found, {})
    return {
        "row": row,
        "letter": found,
        "language": language,
        "called": letter_words.LANGUAGES[language],
        "others": [(one, letter_words.LANGUAGES[one]) for one in catalogue.LANGUAGES if one != language],
        "names": [_name(found, name, language) for name in found.names],
        "beside": letter_words.in_language(found.beside, get_language()) if found.beside else "",
    }


def _name(found: StandardLetter, name: str, language: str) -> Name:
    part, reader = found.names[name], get_language()
    demanded = [must for must in found.must if must.name == name]
    if not isinstance(part, Variable):
        kind: Promise | str = gettext_lazy("fixed text")
        sample = part.words.language(language) if part.words else ""
    else:
        kind, sample = letter_words.KINDS[part.kind], _shown(part.example(language))
    must = ""
    if demanded:
        when = demanded[0].when
        must = _("Has to stand in the text where there is “%(when)s”") % {"when": when} if when else ""
        must = must or _("Has to stand in the text")
    return Name(name, letter_words.in_language(part.what, reader), kind, sample, must)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return long_day(value)
    if isinstance(value, tuple):
        return ", ".join(_shown(one) for one in value)
    return str(value)


def _save(request: HttpRequest, form: TextForm) -> None:
    given = form.cleaned_data
    letter_texts.save(
        form.letter, form.language, given["subject"], given["body"],
        expected=given["version"], reason=given["reason"], actor=staff(request).as_actor(),
    )  # fmt: skip


def _newest(request: HttpRequest, found: StandardLetter, language: str) -> QueryDict:
    """Return what was typed; the next try is made on the text as it is now."""
    data = request.POST.copy()
    data["version"] = str(letter_texts.version(found, language))
    return data


def _whole(given: dict[str, Any]) -> str:
    return f"{given['subject']}\n\n{given['body']}".strip()


def _whole_of(given: Source | LetterText | Words) -> str:
    return f"{given.subject}\n\n{given.body}".strip()
