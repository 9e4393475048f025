"""Where things are: the checkout, the virtual environment, and the settings that the scripts need."""

import os
import sys
import tempfile
from pathlib import Path

from scripts.terminal import stop

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON = BIN / "python"


def setting(name: str, default: str = "") -> str:
    """Return an environment variable, or what stands in the file that `NAME_FILE` names."""
    direct, path = os.environ.get(name, ""), os.environ.get(f"{name}_FILE", "")
    if direct or not path:
        return direct or default
    try:
        return Path(path).read_text(encoding="utf-8").strip() or default
    except OSError as error:
        stop(f"{name}_FILE cannot be read: {error.strerror} ({path})")


def var() -> Path:
    """Return the absolute path of the folder that holds everything of this installation."""
    return (ROOT / setting("DATARETT_VAR", "var")).absolute()


def embedded() -> bool:
    """True when there is no database server: the program then reads its secrets from `var/`."""
    return not setting("DATARETT_DATABASE_URL")


def port() -> int:
    """Return the port of the web server (`PORT`, default 8000)."""
    text = setting("PORT", "8000")
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        stop(f"PORT must be a number from 1 to 65535, not {text!r}")
    return int(text)


def require_writable(folder: Path) -> None:
    """Stop with one line unless files can be made in `folder` (created, mode 0700, when missing)."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Trying beats asking: permission bits say nothing about a read-only file system or about root.
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".writable-"):
            pass
    except OSError as error:
        stop(f"cannot write in {folder}: {error.strerror}")


def child_environment() -> dict[str, str]:
    """Return the environment for the programs of the virtual environment."""
    environ = dict(os.environ)
    environ["PATH"] = f"{BIN}{os.pathsep}{environ.get('PATH', os.defpath)}"
    environ["VIRTUAL_ENV"] = str(VENV)
    environ["DATARETT_VAR"] = str(var())
    environ["PYTHONUNBUFFERED"] = "1"
    for name in ("PYTHONHOME", "__PYVENV_LAUNCHER__"):
        environ.pop(name, None)
    return environ


def interpreter() -> str:
    """Return the Python that runs the scripts; it makes the virtual environment."""
    return sys.executable or "python3"
