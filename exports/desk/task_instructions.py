"""What a person has to do in a system, in the reader's language."""

from exports import registry
from exports.connectors.base import ConnectorError
from exports.connectors.manual import ManualConnector
from exports.domain.records import Verb
from exports.models import SystemTask

from .task_panel import language, system_names


def instruction(row: SystemTask) -> str:
    """Return what to do, in the reader's language; a broken setting must not hide the rest of the page."""
    try:
        connector = registry.connector_for(row.system)
    except (registry.SystemsError, ConnectorError):
        connector = ManualConnector.from_settings(row.system, {"name": registry.NAME_PLACEHOLDER})
    if not isinstance(connector, ManualConnector):
        connector = ManualConnector.from_settings(row.system, {"name": registry.NAME_PLACEHOLDER})
    verb = Verb(row.action) if row.action in set(Verb) else Verb.READ
    text = connector.instruct(verb).text.in_language(language())
    return text.replace(registry.NAME_PLACEHOLDER, system_names().get(row.system, row.system_name))
