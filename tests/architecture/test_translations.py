"""Every sentence can be found by those who translate: gettext goes by the names that makemessages knows."""

import ast

from tests.architecture.test_direction import ROOT, sources

KNOWN = {"gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "_"}


def test_gettext_has_no_other_names() -> None:
    aliases = [
        f"{path.relative_to(ROOT)}:{node.lineno} {alias.asname}"
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if "gettext" in alias.name and (alias.asname or alias.name) not in KNOWN
    ]
    assert aliases == []
