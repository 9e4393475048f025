"""The file of leaked passwords finds what it holds, whatever its size, and nothing else."""

import hashlib
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from identity.password_validation import LeakedPasswordValidator
from identity.services.leaked_passwords import NotTheList, check, holds


def line_of(password: str, often: int = 3) -> str:
    return f"{hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()}:{often}"


def written(path: Path, *passwords: str, end: str = "\r\n") -> Path:
    lines = sorted(line_of(password, 10**number) for number, password in enumerate(passwords))
    path.write_bytes(end.join([*lines, ""]).encode())
    return path


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("number", [1, 2, 3, 8, 15])
def test_every_password_of_the_list_is_found(tmp_path: Path, number: int, end: str) -> None:
    passwords = [f"leaked {one}" for one in range(number)]
    path = written(tmp_path / "list", *passwords, end=end)
    check(path)
    assert [password for password in passwords if not holds(path, password)] == []
    assert [one for one in range(200) if holds(path, f"not leaked {one}")] == []


@given(
    st.sets(st.text(st.characters(exclude_categories=["Cs"])), max_size=15),
    st.text(st.characters(exclude_categories=["Cs"])),
)
def test_it_holds_what_was_written(tmp_path_factory: pytest.TempPathFactory, passwords: set[str], other: str) -> None:
    path = written(tmp_path_factory.mktemp("leaked") / "list", *passwords)
    assert all(holds(path, password) for password in passwords)
    assert holds(path, other) == (other in passwords)


@pytest.mark.parametrize(
    "text", ["", "password\n", line_of("a")[:30], f"{line_of('b')}\n{line_of('a')[:39]}\n", "x" * 999]
)
def test_another_file_is_told_for_what_it_is(tmp_path: Path, text: str) -> None:
    path = tmp_path / "list"
    path.write_text(text)
    with pytest.raises(NotTheList):
        check(path)
    with pytest.raises(OSError, match="nowhere"):
        check(tmp_path / "nowhere")


def test_a_leaked_one_is_refused_and_without_a_file_nobody_asks(tmp_path: Path, settings: Settings) -> None:
    validator = LeakedPasswordValidator()
    settings.LEAKED_PASSWORDS = None
    validator.validate("gul hest flyr sakte")
    settings.LEAKED_PASSWORDS = written(tmp_path / "list", "gul hest flyr sakte", "b")
    with pytest.raises(ValidationError) as refused:
        validator.validate("gul hest flyr sakte")
    assert refused.value.code == "password_leaked"
    validator.validate("gul hest flyr sakte!")


def test_a_file_that_is_gone_keeps_nobody_from_a_password(tmp_path: Path, settings: Settings) -> None:
    settings.LEAKED_PASSWORDS = tmp_path / "nowhere"
    LeakedPasswordValidator().validate("gul hest flyr sakte")
