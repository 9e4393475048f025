"""The translations: compiled when they changed, extracted by `make messages`, checked by `make lint`."""

import subprocess
import tempfile
from pathlib import Path

from scripts.place import PYTHON, ROOT, child_environment
from scripts.terminal import say, stop

LOCALE = ROOT / "locale"
# What is skipped when looking for texts: code of others, and texts that nobody but us reads.
IGNORED = (".venv/*", ".venv-bench/*", "var/*", "static/vendor/*", "tests/*", "scripts/*")


def catalogues() -> list[Path]:
    """Return the catalogues of every language, as text."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))


def compile_newer() -> None:
    """Compile each catalogue that is newer than its compiled form."""
    for source in catalogues():
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        done = _run("msgfmt", "--check-format", "-o", str(target), str(source))
        if done.returncode:
            stop(f"a translation is malformed: {(done.stderr or done.stdout).strip().splitlines()[0]}")


def extract(root: Path = ROOT) -> None:
    """Bring the texts of code and templates into the catalogues (of the copy at `root`)."""
    command = [str(PYTHON), str(root / "manage.py"), "makemessages", "--locale=nb", "--no-obsolete"]
    command += ["--add-location=file", "--no-wrap", *(f"--ignore={pattern}" for pattern in IGNORED)]
    done = subprocess.run(command, cwd=root, env=child_environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        stop(f"makemessages failed: {done.stderr.strip()[-2000:]}")


def problems() -> list[str]:
    """Return what is wrong with the catalogues, a line each: malformed, untranslated, fuzzy, out of date."""
    if not catalogues():
        return [f"{LOCALE.name}: there is no catalogue (make messages)"]
    found = []
    for source in catalogues():
        name = source.relative_to(ROOT)
        checked = _run("msgfmt", "--check", "-o", "/dev/null", str(source))
        found += [f"{name}: {line}" for line in checked.stderr.splitlines() if checked.returncode]
        for kind in ("untranslated", "only-fuzzy"):
            found += [f"{name}: {kind} {text}" for text in texts(source, f"--{kind}")]
    return found + _out_of_date()


def _out_of_date() -> list[str]:
    """Return the texts that the code has and a catalogue lacks, or the other way round."""
    found = []
    with tempfile.TemporaryDirectory(prefix="datarett-messages-") as folder:
        copy = Path(folder)
        files = _run("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z").stdout.split("\0")
        for file in filter(None, files):
            if (ROOT / file).is_file() and not file.startswith(("tests/", "static/vendor/")):
                (copy / file).parent.mkdir(parents=True, exist_ok=True)
                (copy / file).write_bytes((ROOT / file).read_bytes())
        extract(copy)
        for source in catalogues():
            name = source.relative_to(ROOT)
            ours, fresh = set(texts(source)), set(texts(copy / name))
            found += [f"{name}: not in the catalogue (make messages): {text}" for text in sorted(fresh - ours)]
            found += [f"{name}: no longer in the code (make messages): {text}" for text in sorted(ours - fresh)]
    return found


def texts(catalogue: Path, *only: str) -> list[str]:
    """Return the source texts of a catalogue, each with its context and plural; the header is left out."""
    listed = _run("msgattrib", "--no-wrap", "--no-obsolete", *only, str(catalogue)).stdout
    texts, parts = [], []
    for line in listed.splitlines():
        keyword, _, rest = line.partition(" ")
        if keyword in ("msgctxt", "msgid", "msgid_plural"):
            parts.append(rest[1:-1])
        elif line.startswith('"') and parts:
            parts.append(line[1:-1])  # a long text goes on
        elif keyword.startswith("msgstr") and parts:
            texts.append(" ".join(filter(None, parts)))
            parts = []
    return [text for text in texts if text]


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def report() -> bool:
    """Print what is wrong with the catalogues; True when nothing is."""
    found = problems()
    for line in found:
        say(line)
    return not found


if __name__ == "__main__":
    extract()
