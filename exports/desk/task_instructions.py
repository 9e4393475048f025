"""What a person has to do in a system, in the reader's language."""

from django.utils.translation import gettext as _

from exports import registry
from exports.connectors.base import ConnectorError
from exports.connectors.manual import ManualConnector
from exports.domain.enums import TaskAction
from exports.domain.records import Verb
from exports.models import SystemTask

from .task_panel import language, system_names


def instruction(row: SystemTask) -> str:
    """Return what to do, in the reader's language; a broken setting must not hide the rest of the page."""
    if row.action == TaskAction.RESUME:
        return _(
            "Marketing was stopped here for this case, and the person has taken that back since. Set back what was set"
            " then, and nothing else: the person agrees to no more than before. If nothing was set, choose “Nothing to"
            " change”."
        )
    try:
        connector = registry.connector_for(row.system)
    except (registry.SystemsError, ConnectorError):
        connector = ManualConnector.from_settings(row.system, {"name": registry.NAME_PLACEHOLDER})
    if not isinstance(connector, ManualConnector):
        connector = ManualConnector.from_settings(row.system, {"name": registry.NAME_PLACEHOLDER})
    verb = Verb(row.action) if row.action in set(Verb) else Verb.READ
    text = connector.instruct(verb).text.in_language(language())
    return text.replace(registry.NAME_PLACEHOLDER, system_names().get(row.system, row.system_name))
