"""A register as YAML text, in the shape of its file: what the desk and `manage.py export_register` hand out.

Reading it again gives an equal register. Comments of the file that was loaded once are lost, for no version holds
them; whatever the register says of itself (`unknown`, `seed_conflict`, `incomplete`) stays.
"""

from collections.abc import Iterable, Mapping

import yaml

from requests_app.domain.marked_yaml import Json

from .register_load import to_json
from .register_model import Register
from .register_read import NAMES_NOBODY

_WIDTH = 120


def to_yaml(register: Register, *, heading: Iterable[str] = ()) -> str:
    """Return the register as YAML; `heading` becomes the comment above it, line by line."""
    comment = "".join(f"# {line}".rstrip() + "\n" for text in heading for line in text.splitlines())
    body = yaml.safe_dump(_plain(to_json(register)), allow_unicode=True, sort_keys=False, width=_WIDTH)
    return comment + body


def _plain(data: Json) -> Json:
    """The same data, with every text that would be taken for incomplete by its words saying that it is not."""
    if isinstance(data, Mapping):
        said = {key: _plain(value) for key, value in data.items()}
        wordings = [text for language in ("en", "nb") if isinstance(text := said.get(language), str)]
        if "incomplete" not in said and any(map(NAMES_NOBODY.search, wordings)):
            said["incomplete"] = False
        return said
    if isinstance(data, list):
        return [_plain(item) for item in data]
    return data
