"""What anybody can check with the manifest of a package and nothing else of ours."""

import hashlib
import json
from collections.abc import Mapping

from exports.domain.bundle import MANIFEST_JSON


def mismatches(manifest_json: bytes, files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Return the names that do not agree with the manifest: changed, missing or not listed; () if all do."""
    listed = {str(row["file"]): str(row["sha256"]) for row in json.loads(manifest_json)["files"]}
    found = {name: hashlib.sha256(content).hexdigest() for name, content in files.items() if name != MANIFEST_JSON}
    return tuple(sorted(name for name in listed.keys() | found.keys() if listed.get(name) != found.get(name)))
