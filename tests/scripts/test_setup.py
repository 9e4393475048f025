"""The set-up: what is refused is refused in one clear line, and nothing is ever made twice."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from requests_app.domain import keys
from scripts import debian, place, setup, translations, virtualenv
from tests.services.installation import ROOT, clean_environment

OTHER_USER = 65534  # nobody


def script(*command: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a script as make does, and return what it said."""
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=clean_environment() | environ, capture_output=True, text=True,
        check=False, timeout=120,
    )  # fmt: skip


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    """Return the one line with which a script refused."""
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("datarett: ")
    return lines[0]


@pytest.mark.parametrize("module", ["scripts.run", "scripts.setup", "scripts.test", "scripts.lint"])
def test_an_old_python_gets_one_line(module: str) -> None:
    pretend = (
        "import runpy, sys; sys.version_info = (3, 10, 14, 'final', 0);"
        f"runpy.run_module({module!r}, run_name='__main__')"
    )
    line = refusal(script("-c", pretend))
    assert "3.11 or newer is needed" in line
    assert "3.10" in line


@pytest.mark.parametrize("port", ["0", "65536", "80a", "-1", "http"])
def test_a_port_that_is_none_gets_one_line(port: str, tmp_path: Path) -> None:
    line = refusal(script("-m", "scripts.run", PORT=port, DATARETT_VAR=str(tmp_path / "var")))
    assert "PORT" in line
    assert port in line


@pytest.mark.parametrize("module", ["scripts.run", "scripts.setup"])
def test_a_folder_that_cannot_be_written_gets_one_line(module: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="ascii")
    line = refusal(script("-m", module, DATARETT_VAR=str(tmp_path / "file" / "var"), PORT="1"))
    assert f"cannot write in {tmp_path / 'file' / 'var'}" in line


def test_a_virtual_environment_that_is_a_link_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "file").write_text("theirs", encoding="ascii")
    (tmp_path / ".venv").symlink_to(elsewhere)
    monkeypatch.setattr(virtualenv, "VENV", tmp_path / ".venv")
    with pytest.raises(SystemExit, match="is a link to another place"):
        virtualenv.ensure(virtualenv.RUN_LOCK)
    assert (elsewhere / "file").read_text(encoding="ascii") == "theirs"


def test_with_a_database_server_the_secrets_must_be_given(tmp_path: Path) -> None:
    server = {"DATARETT_VAR": str(tmp_path / "var"), "DATARETT_DATABASE_URL": "postgresql://db.example.com/x"}
    assert "DATARETT_SECRET_KEY is missing" in refusal(script("-m", "scripts.setup", **server))
    assert not (tmp_path / "var" / "keys").exists()


def test_a_trial_is_asked_for_by_0_or_1(tmp_path: Path) -> None:
    done = script("-m", "scripts.setup", DATARETT_VAR=str(tmp_path / "var"), TRIAL="yes")
    assert "TRIAL must be 0 or 1" in refusal(done)


def test_a_setting_whose_file_is_gone_gets_one_line(tmp_path: Path) -> None:
    line = refusal(script("-m", "scripts.run", DATARETT_VAR_FILE=str(tmp_path / "gone")))
    assert "DATARETT_VAR_FILE" in line


def test_without_a_package_manager_the_packages_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(debian, "SYSTEM_PATH", str(tmp_path))
    needs = [debian.Need("fonts-none", "nothing", lambda: False), debian.Need("gettext", "there", lambda: True)]
    with pytest.raises(SystemExit, match=r"lacks what Debian calls: fonts-none$"):
        debian.ensure(needs)


def test_who_may_not_install_is_told_the_one_command() -> None:
    ask = "from scripts import debian; debian.ensure([debian.Need('fonts-none', 'nothing', lambda: False)])"
    as_nobody = ["/usr/bin/setpriv", f"--reuid={OTHER_USER}", f"--regid={OTHER_USER}", "--clear-groups"]
    command = [*(as_nobody if os.geteuid() == 0 else []), "/usr/bin/python3", "-c", ask]
    # A path without sudo: whoever runs the tests may be allowed to use it without a password.
    environ = {"PATH": "/usr/sbin", "PYTHONDONTWRITEBYTECODE": "1"}
    readable = subprocess.run([*command[:-2], "-c", "import scripts"], cwd=ROOT, env=environ, check=False)
    if readable.returncode:
        pytest.skip("no other user can read this checkout")
    line = refusal(subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False))
    assert line.endswith("sudo apt-get install --yes --no-install-recommends fonts-none")


def test_every_needed_package_is_found_by_looking_for_the_thing_itself() -> None:
    assert [need.package for need in debian.TESTS if not need.present()] == []


def test_secrets_are_made_once_and_for_nobody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATARETT_KEYS", raising=False)
    monkeypatch.delenv("DATARETT_SECRET_KEY", raising=False)
    monkeypatch.delenv("DATARETT_KEYS_FILE", raising=False)
    monkeypatch.delenv("DATARETT_SECRET_KEY_FILE", raising=False)
    setup.lay_secrets(tmp_path)
    first = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    setup.lay_secrets(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == first
    assert set(first) == {"secret_key", "keys"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
    ring = keys.parse(first["keys"].decode())
    assert list(ring.keys) == [ring.active]
    assert len(first["secret_key"].decode().strip()) >= 50


def test_a_database_without_its_keys_is_not_given_new_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATARETT_KEYS_FILE", raising=False)
    monkeypatch.delenv("DATARETT_SECRET_KEY_FILE", raising=False)
    setup.lay_secrets(tmp_path)
    (tmp_path / "keys").unlink()
    (tmp_path / "datarett.sqlite3").touch()
    with pytest.raises(SystemExit, match="put the file back"):
        setup.lay_secrets(tmp_path)
    assert not (tmp_path / "keys").exists()


def test_a_setting_may_stand_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "url").write_text("postgresql://db.example.com/x\n", encoding="ascii")
    monkeypatch.delenv("DATARETT_DATABASE_URL", raising=False)
    assert place.embedded()
    monkeypatch.setenv("DATARETT_DATABASE_URL_FILE", str(tmp_path / "url"))
    assert place.setting("DATARETT_DATABASE_URL") == "postgresql://db.example.com/x"
    assert not place.embedded()


def test_the_texts_of_a_catalogue_are_read_with_context_plural_and_continuation(tmp_path: Path) -> None:
    catalogue = tmp_path / "django.po"
    catalogue.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "Done"\nmsgstr "Ferdig"\n\n'
        'msgctxt "verb"\nmsgid "Close"\nmsgstr ""\n\n'
        'msgid ""\n"One line "\n"and another"\nmsgstr ""\n\n'
        '#, fuzzy\nmsgid "%d case"\nmsgid_plural "%d cases"\nmsgstr[0] "sak"\nmsgstr[1] "saker"\n',
        encoding="utf-8",
    )
    assert translations.texts(catalogue) == ["Done", "verb Close", "One line and another", "%d case %d cases"]
    assert translations.texts(catalogue, "--untranslated") == ["verb Close", "One line and another"]
    assert translations.texts(catalogue, "--only-fuzzy") == ["%d case %d cases"]
