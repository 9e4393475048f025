"""Refresh the third-party files that the pages and their tests are served from.

``make vendor`` runs this. It fetches exact versions with ``npm pack`` (a package manager's ordinary
client, so its configuration decides where from), takes the few files we use, and writes them with
their licences and a ``SHA256SUMS`` file. The result is committed: nothing is fetched at run time, at
set-up or while testing. ``--check`` needs no network and says whether the committed files are whole.

Two results are made smaller than what was published, for the weight of the first page view:
the style sheet holds only the components in use, the fonts only the weights and features in use.
"""

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DESIGNSYSTEMET = ROOT / "static/vendor/designsystemet"
INTER = ROOT / "static/vendor/inter"
AXE = ROOT / "tests/browser/vendor"

VERSIONS = {
    "@digdir/designsystemet-css": "1.22.0",
    "@fontsource-variable/inter": "5.3.0",
    "axe-core": "4.14.1",
}
COMPONENTS = (
    "alert", "button", "details", "error-summary", "field", "fieldset", "heading", "input", "label", "link",
    "list", "paragraph", "skip-link", "tag", "validation-message",
)  # fmt: skip
# calt is left out on purpose: it would draw "->" in somebody's message as an arrow.
FONT_FEATURES = "kern,mark,mkmk,ccmp,locl,tnum"
FONT_WEIGHTS = "wght=400:700"


def fetch(package: str, into: Path) -> Path:
    """Return the folder of the unpacked package. Raises CalledProcessError when npm cannot fetch it."""
    spec = f"{package}@{VERSIONS[package]}"
    packed = subprocess.run(
        ["npm", "pack", "--json", "--pack-destination", str(into), spec],
        check=True,
        capture_output=True,
        text=True,
    )
    folder = into / package.rsplit("/", 1)[-1]
    shutil.unpack_archive(into / json.loads(packed.stdout)[0]["filename"], folder, "gztar")
    return folder / "package"


def designsystemet(package: Path) -> None:
    """Write one style sheet: layer order, theme, base, the components in use."""
    source = package / "dist/src"
    parts = [
        f"/* @digdir/designsystemet-css {VERSIONS['@digdir/designsystemet-css']}, MIT, see LICENSE. */",
        "@layer ds.theme, ds.base, ds.components;",
        (package / "dist/theme/designsystemet.css").read_text(),
        f"@layer ds.base{{{(source / 'base.css').read_text()}}}",
        *(f"@layer ds.components{{{(source / f'{name}.css').read_text()}}}" for name in COMPONENTS),
    ]
    (DESIGNSYSTEMET / "designsystemet.css").write_text("\n".join(parts) + "\n")
    shutil.copy(package / "LICENSE", DESIGNSYSTEMET)


def narrow(font: Path, result: Path) -> None:
    """Write the font with only FONT_FEATURES and FONT_WEIGHTS; every character it had stays."""
    fewer = font.with_suffix(".fewer.woff2")
    features = f"--layout-features={FONT_FEATURES}"
    for command in (
        ["fontTools.subset", str(font), "--unicodes=*", features, "--flavor=woff2", f"--output-file={fewer}"],
        ["fontTools.varLib.instancer", "--no-recalc-timestamp", "-o", str(result), str(fewer), FONT_WEIGHTS],
    ):
        subprocess.run([sys.executable, "-m", *command], check=True)


def inter(package: Path) -> None:
    """Write the Latin and Latin-extended fonts."""
    for subset in ("latin", "latin-ext"):
        narrow(package / f"files/inter-{subset}-wght-normal.woff2", INTER / f"inter-{subset}.woff2")
    shutil.copy(package / "LICENSE", INTER)


def axe(package: Path) -> None:
    """Copy the accessibility engine of the browser tests; it is never served."""
    for name in ("axe.min.js", "LICENSE", "LICENSE-3RD-PARTY.txt"):
        shutil.copy(package / name, AXE)


def checksums(folder: Path) -> str:
    """Return the SHA256SUMS text (coreutils format, sorted by name) of a folder as it is."""
    files = sorted(path for path in folder.iterdir() if path.name != "SHA256SUMS")
    return "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files)


def refresh() -> None:
    """Fetch everything anew. Folders are emptied first, so that nothing unused stays behind."""
    builders = (
        ("@digdir/designsystemet-css", designsystemet, DESIGNSYSTEMET),
        ("@fontsource-variable/inter", inter, INTER),
        ("axe-core", axe, AXE),
    )
    with tempfile.TemporaryDirectory() as scratch:
        for package, build, folder in builders:
            unpacked = fetch(package, Path(scratch))
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            build(unpacked)
            (folder / "SHA256SUMS").write_text(checksums(folder))


def check() -> list[Path]:
    """Return the folders whose files are not what SHA256SUMS says."""
    folders = (DESIGNSYSTEMET, INTER, AXE)
    return [path for path in folders if (path / "SHA256SUMS").read_text() != checksums(path)]


def main() -> int:
    """Run from the command line; exit 1 when a committed file was changed by hand."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--check",
        action="store_true",
        help="compare the committed files with SHA256SUMS",
    )
    if not parser.parse_args().check:
        refresh()
    broken = check()
    for folder in broken:
        print(f"{folder.relative_to(ROOT)}: differs from SHA256SUMS", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
