"""Dataset files: what they say is read, and every slip is told with file, line and key."""

from pathlib import Path

import pytest

from exports.connectors.dataset import DatasetError, Direction, Mark, Masking, Reference, Strategy, load, parse_text
from exports.demo.website import DATASET
from exports.domain.records import ContactChannel, Label, Origin, Withheld

WEBSITE = DATASET.read_text(encoding="utf-8")


def refused(text: str) -> list[str]:
    """Everything that is wrong with a dataset file, a line each."""
    with pytest.raises(DatasetError) as caught:
        parse_text(text, file="website.dataset.yaml")
    return str(caught.value).splitlines()


def website_with(old: str, new: str) -> tuple[str, int]:
    """The website's file with its first `old` replaced, and the line where it stood."""
    assert old in WEBSITE
    return WEBSITE.replace(old, new, 1), WEBSITE[: WEBSITE.index(old)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "data_categories: [user.contact.email]",
            "data_categoris: [user.contact.email]",
            "website.accounts.email.data_categoris: is no key of this place (did you mean data_categories?)",
        ),
        (
            "identity: email",
            "identiy: email",
            "email.fides_meta.identiy: is no key of this place (did you mean identity?)",
        ),
        (
            "withhold: security",
            "withold: security",
            "password_hash.meta.withold: is no key of this place (did you mean",
        ),
        ("withhold: security", "withhold: secret", "must be one of security, trade_secret, third_party, not secret"),
        ("since: true", "since: maybe", "created_at.meta.since: must be true or false, not a text"),
        (
            "origin: given",
            "origin: gven",
            "accounts.meta.origin: must be one of given, observed, inferred, third_party,",
        ),
        ("data_type: boolean", "data_type: bolean", "not bolean (did you mean boolean?)"),
        (
            "{primary_key: true,",
            "{primary_key: 1,",
            "id.fides_meta.primary_key: must be true or false, not a number (1)",
        ),
        ("field: accounts.id", "field: acounts.id", "leads to acounts, which is not here (did you mean accounts?)"),
        ("field: accounts.id", "field: accounts.idd", "leads to idd, which is not here (did you mean id?)"),
        ("field: accounts.id", "field: accounts", "references.field: must read collection.field, not accounts"),
        ("direction: from", "direction: form", "references.direction: must be one of from, to, not form (did you mean"),
        ("nb: Kundekonto}", "nn: Kundekonto}", "website.accounts.meta.label.nn: is no key of this place"),
        ("activities: [PA03, PA08]", "activities: PA03", "accounts.meta.activities: must be a list, not a text"),
        ("timezone: Europe/Oslo", "timezone: Europe/Olso", "timezone: Europe/Olso is no time zone: they read"),
        ("timezone: Europe/Oslo", "timezone: Europe", "timezone: Europe is no time zone: they read"),
        (
            "timezone: Europe/Oslo",
            "timezon: Europe/Oslo",
            "website.meta.timezon: is no key of this place (did you mean",
        ),
        (
            "[user.unique_id]",
            "[customer.id]",
            "data_categories: customer.id is no category: they read user.contact.email",
        ),
        ("fides_key: website", "fides_key: our website", "fides_key: may only hold letters, digits and"),
        ("dataset:", "datasets:", "datasets: is no key of this place (did you mean dataset?)"),
        ("- name: company", "- name: email", "website.accounts: describes email twice"),
        ("- name: newsletter_consents", "- name: accounts", "website: describes accounts twice"),
        ("contact_point: false}", "contact_point: no thanks}", "contact_point: must be true or false, not a text"),
        ("label: {en: City,", "contact_point: true, label: {en: City,", "holds neither e-mail addresses nor phone"),
        (
            "label: {en: E-mail address, nb",
            "withhold: security, label: {en: E-mail address, nb",
            "the search needs this",
        ),
        (
            "withdraw: false}",
            "withdrew: false}",
            "wants_news.meta.withdrew: is no key of this place (did you mean withdraw?)",
        ),
        ("withdraw: false}", "withdraw: 'no'}", "meta.withdraw: is a text, but the field is of type boolean"),
        ("withdraw: false}", "withdraw: [now]}", "meta.withdraw: must be now or a value such as false, not a list"),
        ("restrict: true}", "restrict: 7}", "meta.restrict: is a number (7), but the field is of type boolean"),
        (
            "label: {en: Customer number, nb",
            "restrict: true, label: {en: Customer number, nb",
            "customer_number.meta.restrict: must not stand at an identity, a key or a reference",
        ),
        (
            "withhold: security}",
            "withhold: security, withdraw: now}",
            "password_hash.meta.withdraw: the second look needs this field, which is withheld",
        ),
        ("{strategy: preserve}", "{strategy: hash}", "hash does not erase: it only gives the person another name"),
        ("{strategy: preserve}", "{strategy: preserv}", "not preserv (did you mean preserve?)"),
        ("{strategy: preserve}", "{strateg: preserve}", "override.strateg: is no key of this place (did you mean"),
        ("{strategy: preserve}", "{strategy: string_rewrite}", "configuration: string_rewrite needs a rewrite_value"),
        (
            "{strategy: preserve}",
            "{strategy: random_string_rewrite, configuration: {length: 2}}",
            "configuration.length: must be a whole number from 8 to 200, not 2",
        ),
        (
            "{strategy: preserve}",
            "{strategy: null_rewrite, configuration: {length: 20}}",
            "configuration.length: is no key of this place",
        ),
        (
            "identity: customer_number,",
            "identity: customer_number, masking_strategy_override: {strategy: preserve},",
            "an identity cannot be preserved: the person would still be found by it",
        ),
        (
            "label: {en: Customer number, nb",
            "empty_if_kept_for: [bookkeeping], label: {en: Customer number, nb",
            "customer_number.meta.empty_if_kept_for: must not stand at an identity, a key or a reference",
        ),
        (
            "withhold: security}",
            "withhold: security, empty_if_kept_for: [PA03]}",
            "meta.empty_if_kept_for: the second look needs this field, which is withheld",
        ),
        (
            "label: {en: City,",
            "empty_if_kept_for: [PA30], label: {en: City,",
            "city.meta.empty_if_kept_for: PA30 is not among the activities of the collection",
        ),
        (
            "origin: observed, since: true}",
            "origin: observed, since: true, empty_if_kept_for: [PA03]}",
            "empty_if_kept_for: the end of a duty is counted from this field, which says since when",
        ),
        (
            "label: {en: Only stored,",
            "empty_if_kept_for: [PA03], label: {en: Only stored,",
            "empty_if_kept_for: the masking strategy preserves the field: it cannot be emptied as well",
        ),
        ("label: {en: Account id, nb", "withhold: security, label: {en: Account id, nb", "the search needs this field"),
    ],
)
def test_a_slip_is_told_with_file_line_and_key(old: str, new: str, told: str) -> None:
    text, line = website_with(old, new)
    (problem,) = [problem for problem in refused(text) if told in problem]
    assert problem.startswith(f"website.dataset.yaml:{line}: ")


def test_every_slip_is_told_at_once() -> None:
    text = WEBSITE.replace("identity: email", "identiy: email").replace("direction: from", "direction: form")
    assert len(refused(text)) == 4 + 3


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "website.dataset.yaml: the file is empty"),
        ("dataset: []", "website.dataset.yaml:1: dataset: must not be empty"),
        ("dataset: {}", "website.dataset.yaml:1: dataset: must be a list, not a mapping"),
        ("- a\n- b", "website.dataset.yaml:1: must be a mapping (key: value), not a list"),
        ("dataset:\n  - fides_key: x", "website.dataset.yaml:2: x: lacks the key collections"),
        ("dataset:\n  - [1]", "website.dataset.yaml:2: dataset: must be a mapping (key: value), not a list"),
        ("dataset: [unclosed", "website.dataset.yaml:1: no valid YAML"),
        ("a: &x [*x]", "aliases (*name) are not supported"),
    ],
)
def test_files_that_are_no_dataset(text: str, told: str) -> None:
    assert told in "\n".join(refused(text))


def test_a_second_dataset_belongs_into_another_file() -> None:
    text = WEBSITE + "  - fides_key: second\n    collections: [{name: a, fields: [{name: b}]}]\n"
    (problem,) = refused(text)
    assert problem.endswith("dataset: must hold one dataset: put others into other files")


def test_nested_fields_and_two_times_since_are_refused() -> None:
    text = """
dataset:
  - fides_key: x
    collections:
      - name: a
        fields:
          - {name: b, meta: {since: true}}
          - {name: c, meta: {since: true}}
          - {name: d, fields: [{name: e}]}
"""
    assert refused(text) == [
        "website.dataset.yaml:5: x.a: more than one field says since: true",
        "website.dataset.yaml:9: x.a.d.fields: nested fields are not supported",
    ]


def test_a_reference_to_a_withheld_field_is_refused() -> None:
    text = """
dataset:
  - fides_key: x
    collections:
      - name: a
        fields:
          - {name: b, fides_meta: {identity: email}}
          - {name: c, meta: {withhold: security}}
      - name: d
        fields:
          - name: e
            fides_meta: {references: [{dataset: x, field: a.c}]}
"""
    assert refused(text) == [
        "website.dataset.yaml:12: x.d.e.fides_meta.references: leads to c, which is withheld: the search needs it"
    ]


def test_a_file_that_is_missing_or_not_utf8(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"none\.yaml: the file cannot be read"):
        load(tmp_path / "none.yaml")
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("# kunde\n# nøkkel".encode("latin-1"))
    with pytest.raises(DatasetError, match=r"latin\.yaml:2: the file is not UTF-8"):
        load(latin)


def test_what_the_file_of_the_website_says() -> None:
    dataset = load(DATASET)
    accounts = dataset.collection("accounts")
    assert (dataset.key, dataset.label, dataset.zone.key) == (
        "website",
        Label("The company website", "Nettstedet"),
        "Europe/Oslo",
    )
    assert accounts.activities == ("PA03", "PA08")
    assert [f.name for f in accounts.primary_key] == ["id"]
    assert accounts.since_field == accounts.field("created_at")
    phone, secret = accounts.field("phone"), accounts.field("password_hash")
    assert (phone.identity, phone.channel, phone.contact_point) == ("phone_number", ContactChannel.PHONE, True)
    assert (phone.origin, accounts.field("id").origin) == (Origin.GIVEN, Origin.OBSERVED)
    assert (secret.withheld, secret.read_only) == (Withheld.SECURITY, True)
    news, left = accounts.field("wants_news"), dataset.collection("newsletter_consents").field("withdrawn_at")
    assert (news.withdraw, left.withdraw, left.restrict) == (Mark(value=False), Mark(now=True), None)
    assert (accounts.field("restricted").restrict, phone.masking) == (Mark(value=True), None)
    assert accounts.field("restricted").masking == Masking(Strategy.PRESERVE)
    lines = dataset.collection("order_lines")
    assert lines.field("order_id").references == (Reference("orders", "id", Direction.FROM),)
    assert [f.name for f in lines.primary_key] == ["order_id", "line_number"]
    form = dataset.collection("contact_messages")
    assert (form.field("email").contact_point, form.field("phone").contact_point) == (False, False)


def test_a_file_as_fides_writes_it() -> None:
    """Nulls for what is not set, the older name of the meta block, keys that only Fides knows."""
    dataset = parse_text("""
dataset:
  - fides_key: postgres_example
    organization_fides_key: default_organization
    tags: null
    name: Postgres Example
    description: An example
    meta: {owner: somebody, resource_id: 12}
    data_categories: null
    fides_meta: {resource_id: x, after: [other], namespace: {database_name: shop, schema: sales}}
    collections:
      - name: customer
        description: null
        data_categories: [user]
        fides_meta: {after: [postgres_example.orders], skip_processing: false}
        fields:
          - name: email
            description: null
            data_categories: [user.contact.email]
            data_qualifier: aggregated
            fidesops_meta:
              references: null
              identity: email
              primary_key: null
              data_type: string
              length: 40
              read_only: null
              masking_strategy_override: {strategy: random_string_rewrite, configuration: {length: 20}}
            fides_meta: null
            fields: null
          - name: no
            fides_meta: {data_type: 'string[]', return_all_elements: true, custom_request_field: x, references: []}
""")
    customer = dataset.collection("customer")
    email, no = customer.fields
    assert (dataset.schema, dataset.label.nb, customer.skip) == ("sales", "Postgres Example", False)
    assert (email.identity, email.length, email.masking) == ("email", 40, Masking(Strategy.RANDOM, length=20))
    assert (no.name, no.categories, no.data_type, no.contact_point) == ("no", ("user",), "string[]", False)


def test_labels_default_to_the_name_in_plain_letters() -> None:
    dataset = parse_text("dataset: [{fides_key: x, collections: [{name: page_events, fields: [{name: å_b}]}]}]")
    (events,) = dataset.collections
    assert (events.label, events.fields[0].label) == (Label("Page events", "Page events"), Label("Å b", "Å b"))
