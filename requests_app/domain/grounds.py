"""Why a request may be refused, wholly or in part: a closed set of grounds, each with its article.

Free text alone is never a ground. What a ground says of one person stands in the reasoning beside it.
"""

from enum import StrEnum

from .enums import Right


class Ground(StrEnum):
    """One ground of the law; the letters of section 16 are those of personopplysningsloven, first paragraph."""

    EXCESSIVE = "excessive"
    CANNOT_IDENTIFY = "cannot_identify"
    IDENTITY_NOT_CONFIRMED = "identity_not_confirmed"
    NOT_OUR_DATA = "not_our_data"
    SECTION_16_A = "section_16_a"
    SECTION_16_B = "section_16_b"
    SECTION_16_C = "section_16_c"
    SECTION_16_D = "section_16_d"
    SECTION_16_E = "section_16_e"
    SECTION_16_F = "section_16_f"
    RIGHTS_OF_OTHERS = "rights_of_others"
    DATA_ACCURATE = "data_accurate"
    STILL_NEEDED = "still_needed"
    EXPRESSION = "expression"
    LEGAL_OBLIGATION = "legal_obligation"
    PUBLIC_HEALTH = "public_health"
    ARCHIVE = "archive"
    LEGAL_CLAIMS = "legal_claims"
    NO_GROUND_TO_RESTRICT = "no_ground_to_restrict"
    BASIS_NOT_PORTABLE = "basis_not_portable"
    NOT_AUTOMATED = "not_automated"
    COMPELLING_GROUNDS = "compelling_grounds"
    NO_SUCH_DECISION = "no_such_decision"
    CONTRACT = "contract"
    LAW = "law"
    EXPLICIT_CONSENT = "explicit_consent"


ARTICLES: dict[Ground, str] = {
    Ground.EXCESSIVE: "12(5)(b)",
    Ground.CANNOT_IDENTIFY: "11(2)",
    Ground.IDENTITY_NOT_CONFIRMED: "12(6)",
    Ground.NOT_OUR_DATA: "4(7)",
    Ground.RIGHTS_OF_OTHERS: "15(4)",
    Ground.DATA_ACCURATE: "16",
    Ground.STILL_NEEDED: "17(1)",
    Ground.EXPRESSION: "17(3)(a)",
    Ground.LEGAL_OBLIGATION: "17(3)(b)",
    Ground.PUBLIC_HEALTH: "17(3)(c)",
    Ground.ARCHIVE: "17(3)(d)",
    Ground.LEGAL_CLAIMS: "17(3)(e)",
    Ground.NO_GROUND_TO_RESTRICT: "18(1)",
    Ground.BASIS_NOT_PORTABLE: "20(1)(a)",
    Ground.NOT_AUTOMATED: "20(1)(b)",
    Ground.COMPELLING_GROUNDS: "21(1)",
    Ground.NO_SUCH_DECISION: "22(1)",
    Ground.CONTRACT: "22(2)(a)",
    Ground.LAW: "22(2)(b)",
    Ground.EXPLICIT_CONSENT: "22(2)(c)",
}
"""Articles of the GDPR as lawyers write them; section 16 has letters of its own."""

_OF_ONE_RIGHT: dict[tuple[Ground, Right], str] = {
    (Ground.RIGHTS_OF_OTHERS, Right.PORTABILITY): "20(4)",
    (Ground.LEGAL_CLAIMS, Right.OBJECTION): "21(1)",
}

_COMMON = (Ground.CANNOT_IDENTIFY, Ground.IDENTITY_NOT_CONFIRMED, Ground.NOT_OUR_DATA)
_SECTION_16 = (
    Ground.SECTION_16_A, Ground.SECTION_16_B, Ground.SECTION_16_C, Ground.SECTION_16_D, Ground.SECTION_16_E,
    Ground.SECTION_16_F,
)  # fmt: skip

# Common grounds first need proof that we cannot act; "excessive" comes last and goes out by the decision-maker alone.
GROUNDS: dict[Right, tuple[Ground, ...]] = {
    Right.ACCESS: (Ground.RIGHTS_OF_OTHERS, *_SECTION_16, *_COMMON, Ground.EXCESSIVE),
    Right.RECTIFICATION: (Ground.DATA_ACCURATE, *_COMMON, Ground.EXCESSIVE),
    Right.ERASURE: (
        Ground.LEGAL_OBLIGATION, Ground.LEGAL_CLAIMS, Ground.STILL_NEEDED, Ground.EXPRESSION, Ground.PUBLIC_HEALTH,
        Ground.ARCHIVE, *_COMMON, Ground.EXCESSIVE,
    ),
    Right.RESTRICTION: (Ground.NO_GROUND_TO_RESTRICT, *_COMMON, Ground.EXCESSIVE),
    Right.PORTABILITY: (
        Ground.BASIS_NOT_PORTABLE, Ground.NOT_AUTOMATED, Ground.RIGHTS_OF_OTHERS, *_COMMON, Ground.EXCESSIVE,
    ),
    Right.OBJECTION: (Ground.COMPELLING_GROUNDS, Ground.LEGAL_CLAIMS, *_COMMON, Ground.EXCESSIVE),
    Right.AUTOMATED_DECISION: (
        Ground.NO_SUCH_DECISION, Ground.CONTRACT, Ground.LAW, Ground.EXPLICIT_CONSENT, *_COMMON, Ground.EXCESSIVE,
    ),
    Right.COMPLAINT: (),
    Right.CONSENT_WITHDRAWAL: (),
    Right.MARKETING_OBJECTION: (),
}  # fmt: skip


def article_of(ground: Ground, right: Right | None = None) -> str:
    """Return the article of a ground, where it stands for `right`. Raises KeyError for a letter of section 16."""
    return _OF_ONE_RIGHT.get((ground, right)) or ARTICLES[ground] if right else ARTICLES[ground]
