"""The processing register: the public face of the `register_*` modules, one subject each.

Read it from its file (`load`) or a stored version (`from_json`), ask it where to search and what concerns a person,
see what is still unknown, fill it, and get the information of Art. 15 ready to print.
"""

from .register_art15 import (
    ActivityText,
    ControllerText,
    ExampleValue,
    Fact,
    UnknownValue,
    art15,
    controller_text,
)
from .register_changes import Change, Difference, Said, differences, everything_said
from .register_dump import to_yaml
from .register_examples import (
    Examples,
    MissingExample,
    has_examples,
    load_examples,
    parse_examples,
    unknown_paths,
    with_examples,
)
from .register_field_words import part_length, word_for
from .register_fields import Field, Kind, NoSuchField, all_fields, field_at, value_at, with_value
from .register_fill import FillError, FillValue, fill, settle
from .register_load import RegisterError, from_json, load, parse_bytes, parse_text, to_json
from .register_merge import merged, shared_ids
from .register_model import (
    OWN_SYSTEM,
    SCHEMA,
    Activity,
    Category,
    Controller,
    CountedFrom,
    Derived,
    Register,
    ResponsePromise,
    RetentionDuty,
    RightRule,
    System,
    Transfers,
)
from .register_search import PlannedSearch, activities_concerning, search_plan, unsearchable
from .register_unknowns import UnknownField, unknowns
from .register_values import UNKNOWN, BadWording, Text, Unknown, is_unknown, same

__all__ = [
    "OWN_SYSTEM",
    "SCHEMA",
    "UNKNOWN",
    "Activity",
    "ActivityText",
    "BadWording",
    "Category",
    "Change",
    "Controller",
    "ControllerText",
    "CountedFrom",
    "Derived",
    "Difference",
    "ExampleValue",
    "Examples",
    "Fact",
    "Field",
    "FillError",
    "FillValue",
    "Kind",
    "MissingExample",
    "NoSuchField",
    "PlannedSearch",
    "Register",
    "RegisterError",
    "ResponsePromise",
    "RetentionDuty",
    "RightRule",
    "Said",
    "System",
    "Text",
    "Transfers",
    "Unknown",
    "UnknownField",
    "UnknownValue",
    "activities_concerning",
    "all_fields",
    "art15",
    "controller_text",
    "differences",
    "everything_said",
    "field_at",
    "fill",
    "from_json",
    "has_examples",
    "is_unknown",
    "load",
    "load_examples",
    "merged",
    "parse_bytes",
    "parse_examples",
    "parse_text",
    "part_length",
    "same",
    "search_plan",
    "settle",
    "shared_ids",
    "to_json",
    "to_yaml",
    "unknown_paths",
    "unknowns",
    "unsearchable",
    "value_at",
    "with_examples",
    "with_value",
    "word_for",
]
