"""Every letter that leaves the house stands in the catalogue, and its delivered texts keep to what stands there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.template.base import NodeList, tag_re
from django.template.context import Context
from django.template.defaulttags import IfNode
from django.utils.safestring import SafeString

from requests_app.domain import letters
from requests_app.domain.letters import LANGUAGES, LETTERS, Must, StandardLetter
from requests_app.domain.letters import language as small_language
from requests_app.domain.letters.variables import COMPLAINT
from requests_app.services import letter_texts, wording

TEMPLATES = Path(settings.BASE_DIR) / "templates"
IN_BOTH = [
    pytest.param(letter, language, id=f"{letter.key}-{language}")
    for letter in LETTERS.values()
    for language in LANGUAGES
]

EDITABLE = [
    pytest.param(letter, language, id=f"{letter.key}-{language}")
    for letter in LETTERS.values()
    for language in LANGUAGES
    if letter.editable
]


def _blocks() -> set[str]:
    return {
        block.file.format(language=language)
        for letter in LETTERS.values()
        for block in letter.blocks
        if block.file
        for language in LANGUAGES
    }


def test_every_folder_of_a_mail_is_in_the_catalogue() -> None:
    folders = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.glob("*/mail/*") if path.is_dir()}
    assert folders == {letter.template for letter in LETTERS.values() if letter.is_mail}


def test_every_file_of_a_letter_is_in_the_catalogue_or_a_block_of_it() -> None:
    files = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.glob("*/letters/*.txt")}
    known = {letter.file("body", one) for letter in LETTERS.values() if not letter.is_mail for one in LANGUAGES}
    assert files == known | {file for file in _blocks() if "/letters/" in file}


def test_no_two_letters_share_a_name_or_a_template() -> None:
    assert len(LETTERS) == len(letters.BY_TEMPLATE) == len({letter.key for letter in LETTERS.values()})
    assert all(key == letter.template.rpartition("/")[2] for key, letter in LETTERS.items())


def test_texts_are_cut_into_tokens_as_django_cuts_them() -> None:
    assert small_language.TOKEN.pattern == tag_re.pattern


@pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS)
def test_what_a_letter_must_say_has_a_name_in_it(letter: StandardLetter) -> None:
    assert letter.must
    assert {must.name for must in letter.must} | {must.when for must in letter.must if must.when} <= set(letter.names)


@pytest.mark.parametrize("number", ["T05", "T07", "T17", "T20", "T21"])
def test_a_mail_that_has_to_tell_how_to_complain_is_none_without_it(number: str) -> None:
    """GDPR Art. 12(4); under an answer as PDF the words are printed whatever its text says."""
    (letter,) = [letter for letter in LETTERS.values() if letter.number == number]
    assert COMPLAINT in letter.blocks
    assert Must(COMPLAINT.name) in letter.must


def test_a_sentence_that_has_to_be_said_is_said_in_both_languages_and_demanded() -> None:
    """Such as that nobody should send a copy of an identity document: no condition of a text can drop it."""
    for letter in LETTERS.values():
        for block in letter.blocks:
            assert bool(block.words) is not bool(block.file)
            assert not block.words or all(block.words)
            assert block.name in {must.name for must in letter.must}


@pytest.mark.parametrize(
    ("key", "names"),
    [
        ("identity_request", {"why_we_ask", "another_way", "days_added", "no_id_copies", "nothing_kept"}),
        ("clarification", {"right_to_all"}),
        ("marketing_stopped", {"lawful_before", "on_the_list"}),
        ("ending_unverified", {"no_judgment", "take_up_again", "complaint_block"}),
        ("restricted", {"told_before_lifting"}),
        ("fee", {"may_withdraw", "complaint_block"}),
        ("mandate", {"not_told"}),
    ],
)
def test_what_the_law_wants_said_in_plain_words_is_demanded(key: str, names: set[str]) -> None:
    assert names <= {must.name for must in LETTERS[key].must if not must.when}


@pytest.mark.parametrize(("letter", "language"), EDITABLE)
@pytest.mark.django_db
def test_a_delivered_text_could_be_an_own_text(letter: StandardLetter, language: str) -> None:
    """It names only what is declared, and says what it must from every sample."""
    given = letter_texts.default(letter, language)
    assert letter_texts.check(letter, language, given.subject, given.body) == []


@pytest.mark.parametrize(("letter", "language"), IN_BOTH)
@pytest.mark.django_db
def test_the_samples_take_every_branch_of_a_delivered_text(
    letter: StandardLetter, language: str, taken: set[int]
) -> None:
    for context in letter.variants(language):
        words = wording.fill(letter, language, wording.delivered(letter, language), context)
        assert "None" not in words.body
    files = [letter.file(part, language) for part in (("subject", "body") if letter.is_mail else ("body",))]
    assert _not_taken(files, taken) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.django_db
def test_the_samples_take_every_branch_of_the_blocks(language: str, taken: set[int]) -> None:
    with_blocks = [letter for letter in LETTERS.values() if letter.blocks]
    for letter in with_blocks:
        for context in letter.variants(language):
            wording.fill(letter, language, wording.delivered(letter, language), context)
    files = {block.file.format(language=language) for letter in with_blocks for block in letter.blocks if block.file}
    assert _not_taken(sorted(files), taken) == []


@pytest.mark.parametrize(("letter", "language"), EDITABLE)
@pytest.mark.django_db
def test_an_own_text_reads_as_the_file_it_was_copied_from(letter: StandardLetter, language: str) -> None:
    given = letter_texts.default(letter, language)
    own = wording.Source(given.subject, given.body, own=True)
    for context in letter.variants(language):
        ours = wording.fill(letter, language, own, context)
        theirs = wording.fill(letter, language, wording.delivered(letter, language), context)
        assert (ours.subject, ours.body.split()) == (theirs.subject, theirs.body.split())


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """Which branches were rendered, by identity."""
    seen: set[int] = set()
    usual = NodeList.render

    def render(self: NodeList, context: Context) -> SafeString:
        seen.add(id(self))
        return usual(self, context)

    monkeypatch.setattr(NodeList, "render", render)
    return seen


def _not_taken(files: list[str], taken: set[int]) -> list[str]:
    return [where for key, where in _branches(files) if key not in taken]


def _branches(files: list[str]) -> Iterator[tuple[int, str]]:
    for file in files:
        template = wording._engine().get_template(file).template
        for node in template.nodelist.get_nodes_by_type(IfNode):
            assert isinstance(node, IfNode)
            for condition, branch in node.conditions_nodelists:
                if len(branch):
                    yield id(branch), f"{file}: {condition}"
