"""The grounds of the law in words, and their articles as each language cites them."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests_app.domain.enums import Right
from requests_app.domain.grounds import ARTICLES, Ground, article_of

GROUNDS: dict[Ground, Promise] = {
    Ground.EXCESSIVE: gettext_lazy("The request is manifestly unfounded or excessive"),
    Ground.CANNOT_IDENTIFY: gettext_lazy("The data cannot be tied to the person"),
    Ground.IDENTITY_NOT_CONFIRMED: gettext_lazy("The identity has not been confirmed"),
    Ground.NOT_OUR_DATA: gettext_lazy("Somebody else decides about the data"),
    Ground.SECTION_16_A: gettext_lazy("Foreign policy, national defence or security"),
    Ground.SECTION_16_B: gettext_lazy("Secrecy is needed to prevent, investigate or prosecute crime"),
    Ground.SECTION_16_C: gettext_lazy("The person should not know because of their health or their relation to others"),
    Ground.SECTION_16_D: gettext_lazy("A statutory duty of confidentiality covers the data"),
    Ground.SECTION_16_E: gettext_lazy("Text prepared for internal use only, kept back to safeguard decision-making"),
    Ground.SECTION_16_F: gettext_lazy("Obvious and fundamental private or public interests weigh more"),
    Ground.RIGHTS_OF_OTHERS: gettext_lazy("The rights and freedoms of others"),
    Ground.DATA_ACCURATE: gettext_lazy("The data is accurate and complete"),
    Ground.STILL_NEEDED: gettext_lazy("The data is still needed, and there is a legal basis for it"),
    Ground.EXPRESSION: gettext_lazy("Freedom of expression and information"),
    Ground.LEGAL_OBLIGATION: gettext_lazy("A legal obligation to keep the data"),
    Ground.PUBLIC_HEALTH: gettext_lazy("Public interest in the area of public health"),
    Ground.ARCHIVE: gettext_lazy("Archiving, research or statistics in the public interest"),
    Ground.LEGAL_CLAIMS: gettext_lazy("Legal claims: to establish, exercise or defend them"),
    Ground.NO_GROUND_TO_RESTRICT: gettext_lazy("None of the conditions for restriction is met"),
    Ground.BASIS_NOT_PORTABLE: gettext_lazy("The data is not used by consent or for a contract"),
    Ground.NOT_AUTOMATED: gettext_lazy("The data is not processed by automated means"),
    Ground.COMPELLING_GROUNDS: gettext_lazy("Compelling legitimate grounds that override the person’s interests"),
    Ground.NO_SUCH_DECISION: gettext_lazy("No decision with such effects was made by automation alone"),
    Ground.CONTRACT: gettext_lazy("The decision is necessary for a contract"),
    Ground.LAW: gettext_lazy("The decision is authorised by law"),
    Ground.EXPLICIT_CONSENT: gettext_lazy("The decision is based on explicit consent"),
}


def article(ground: Ground, right: Right | None = None) -> str:
    """Return where the law says so, in the active language: "Article 17(3)(b)", "artikkel 17 nr. 3 bokstav b".

    A few grounds stand at another place for one `right` than for the others.
    """
    if ground not in ARTICLES:  # a letter of section 16
        return _("section 16, first paragraph, letter (%(letter)s), of the Personal Data Act") % {
            "letter": ground.value.rpartition("_")[2]
        }
    number, *parts = article_of(ground, right).replace(")", "").split("(")
    given = dict(zip(("paragraph", "letter"), parts, strict=False), article=number)
    if "letter" in given:
        return _("Article %(article)s(%(paragraph)s)(%(letter)s)") % given
    return (_("Article %(article)s(%(paragraph)s)") if parts else _("Article %(article)s")) % given


def cited(ground: Ground, right: Right | None = None) -> str:
    """Return a ground with its article, as a list of grounds names it."""
    return _with(ground, article(ground, right))


def cited_in_full(ground: Ground, right: Right | None = None) -> str:
    """Return a ground with its article and its act, as a letter names it: a reader need not know which law it is."""
    said = article(ground, right)
    return _with(ground, said if ground not in ARTICLES else _("%(article)s of the GDPR") % {"article": said})


def _with(ground: Ground, where: str) -> str:
    return _("%(ground)s (%(article)s)") % {"ground": GROUNDS[ground], "article": where}
