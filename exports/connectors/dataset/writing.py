"""What a dataset file says about writing: how values are masked, what verbs write, what kept rows do without."""

from collections.abc import Collection

from exports.domain.records import Scalar
from requests_app.domain.marked_yaml import Node, Section, did_you_mean

from .model import Mark, Masking, Strategy
from .values import part, truth

_KEYS_OF = {
    Strategy.NULL: (),
    Strategy.TEXT: ("rewrite_value",),
    Strategy.RANDOM: ("length",),
    Strategy.PRESERVE: (),
}
_SEARCHED_BY = ("identity", "primary_key", "references")
_PASSIVE = ("format_preservation",)  # of Fides: it would keep a part of the value readable
_PSEUDONYMS = ("hash", "hmac", "aes_encrypt")


def masking(fides: Section) -> Masking | None:
    """How the values of a field are masked, or None when the file leaves it to us."""
    if fides.get("masking_strategy_override") is None:
        return None
    section = part(fides, "masking_strategy_override", ("strategy", "configuration"))
    strategy = _strategy(section)
    if strategy is None:
        return None
    keys = _KEYS_OF[strategy]
    configuration = part(section, "configuration", (*keys, *(_PASSIVE if keys else ())))
    if configuration.get("format_preservation") is not None:
        configuration.complain("format_preservation", "is not done here: a part of the value would stay")
    if strategy is Strategy.TEXT and configuration.get("rewrite_value") is None:
        section.complain("configuration", "string_rewrite needs a rewrite_value")
    if strategy is Strategy.PRESERVE and fides.get("identity") is not None:
        section.complain("strategy", "an identity cannot be preserved: the person would still be found by it")
    return Masking(
        strategy,
        text=configuration.string("rewrite_value") or "" if "rewrite_value" in keys else "",
        length=configuration.whole_number("length", least=8, most=200) or 30 if "length" in keys else 30,
    )


def _strategy(section: Section) -> Strategy | None:
    word = section.string("strategy")
    known = [strategy.value for strategy in Strategy]
    if word is None:
        if section.get("strategy") is None:
            section.complain("strategy", f"is missing: one of {', '.join(known)}")
    elif word in _PSEUDONYMS:
        section.complain("strategy", f"{word} does not erase: it only gives the person another name")
    elif word not in known:
        section.complain("strategy", f"must be one of {', '.join(known)}, not {word}{did_you_mean(word, known)}")
    else:
        return Strategy(word)
    return None


def mark(own: Section, key: str, fides: Section, data_type: str | None) -> Mark | None:
    """What a verb writes into a field, or None when the key is absent."""
    found = _mark(own, key, data_type)
    if found:
        _refuse_unwritable(own, key, fides)
    return found


def empty_if_kept_for(
    own: Section, fides: Section, masked: Masking | None, activities: Collection[str]
) -> tuple[str, ...]:
    """The uses of data, of those of its collection, that can do without a field."""
    key = "empty_if_kept_for"
    uses = own.strings(key) or ()
    if uses:
        _refuse_unwritable(own, key, fides)
        if truth(own, "since"):
            own.complain(key, "the end of a duty is counted from this field, which says since when")
        if masked is not None and masked.strategy is Strategy.PRESERVE:
            own.complain(key, "the masking strategy preserves the field: it cannot be emptied as well")
    for use in uses:
        if use not in activities:
            own.complain(key, f"{use} is not among the activities of the collection{did_you_mean(use, activities)}")
    return uses


def _refuse_unwritable(own: Section, key: str, fides: Section) -> None:
    if any(fides.get(other) for other in _SEARCHED_BY):
        own.complain(key, "must not stand at an identity, a key or a reference")
    elif own.get("withhold") is not None:
        own.complain(key, "the second look needs this field, which is withheld")


def _mark(own: Section, key: str, data_type: str | None) -> Mark | None:
    node = own.get(key)
    if node is None:
        return None
    if node.kind not in ("text", "number", "truth") or not node.raw.strip():
        own.complain(key, f"must be now or a value such as false, not {node.in_words}")
        return None
    if node.kind == "text" and node.raw.strip() == "now":
        return Mark(now=True)
    value = _value(node)
    if not _fits(value, data_type):
        own.complain(key, f"is {node.in_words}, but the field is of type {data_type}")
    return Mark(value)


def _value(node: Node) -> Scalar:
    if node.kind == "truth":
        return node.truth
    if node.kind == "number":
        for number in (int, float):
            try:
                return number(node.raw)
            except ValueError:
                continue
    return node.raw.strip()


def _fits(value: Scalar, data_type: str | None) -> bool:
    """True unless the type the file names can only hold other values."""
    if data_type == "boolean":
        return isinstance(value, bool)
    if data_type in ("integer", "float"):
        kinds = (int,) if data_type == "integer" else (int, float)
        return isinstance(value, kinds) and not isinstance(value, bool)
    return True
