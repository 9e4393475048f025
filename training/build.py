"""Trains the model of triage and writes its weights: `make triage-model`.

One logistic regression tells requests from everything else; ten more, trained on requests alone, tell which rights are
asked for. Texts of one family never stand on both sides of a measurement, so the scores printed are those on
situations that the model has not seen. Deterministic: the same texts give the same file.
"""

import argparse
import sys
from array import array
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from requests_app.domain.enums import Right
from requests_app.mailbox import features, suggest, triage_model
from requests_app.mailbox.features import Mail
from training import texts
from training.texts import Text

RIGHTS = [right.value for right in Right]
REQUEST = "request"
FOLDS = 10
STRENGTH = 10.0  # the inverse of the regularisation
RARITY = 0.7  # how much what is rare is worth more than what is frequent
LEAST = 2  # mails that must hold a feature for it to count
FOUND = 0.97  # of the requests in the folds that must be shown to people


def main() -> int:
    """Measure, train on everything, write; return the exit code."""
    extra = _options().extra
    known = texts.read(texts.TRAINING) + (texts.read(extra) if extra else [])
    reads = [suggest.read(text.subject, text.body) for text in known]
    mails = [features.of(*one) for one in reads]
    heads = measured(known, mails, [sentences for _, sentences in reads])
    asked = np.array([text.is_request for text in known])
    scores = heads[REQUEST]
    unsure_from = float(np.quantile(scores[asked], 1 - FOUND))
    report("unseen families, by folds", known, heads, unsure_from)
    rarity = rare(mails)
    seen = matrix(mails, rarity)
    weights = {head: fitted(head, known, seen) for head in (REQUEST, *RIGHTS)}
    triage_model.write(
        triage_model.PATH,
        rarity,
        {head: (model.coef_[0], float(model.intercept_[0])) for head, model in weights.items()},
        unsure_from=round(unsure_from, 3),
        made_from=texts.digest(extra),
    )
    judge(texts.read(texts.JUDGING))
    return 0


def judge(unseen: Sequence[Text]) -> None:
    """Print the scores of the weights as they were written, on mails that nobody trained or tuned on."""
    model = triage_model.load()
    reads = [suggest.read(text.subject, text.body) for text in unseen]
    mails = [features.of(*one) for one in reads]
    heads = {head: np.array([model.probability(mail, head) for mail in mails]) for head in RIGHTS}
    judged = [suggest.judged(model, mail, sentences)[0] for mail, (_, sentences) in zip(mails, reads, strict=True)]
    heads[REQUEST] = np.array(judged)
    report("mails for judging", unseen, heads, model.unsure_from)


def rare(mails: Sequence[Mail]) -> "array[int]":
    """Return what each feature is worth, up to 255: the fewer mails hold it, the more; 0 for those of one or none."""
    held = np.bincount([number for mail in mails for number in mail.numbers], minlength=features.SIZE)
    worth = (np.log((len(mails) + 1) / (held + 1)) + 1) ** RARITY
    return array("B", np.where(held >= LEAST, np.rint(worth / worth.max() * 255), 0).astype(int).tolist())


def matrix(mails: Sequence[Mail], rarity: "array[int]") -> csr_matrix:
    """Return the features of mails, a row each."""
    rows = [features.weights(mail, rarity) for mail in mails]
    numbers = [number for row in rows for number in row]
    weights = [weight for row in rows for weight in row.values()]
    ends = np.cumsum([0, *map(len, rows)])
    return csr_matrix((weights, numbers, ends), shape=(len(rows), features.SIZE))


def fitted(head: str, known: Sequence[Text], seen: csr_matrix, rows: np.ndarray | None = None) -> LogisticRegression:
    """Train one head on these rows (all by default); those of the rights on requests alone."""
    rows = np.arange(len(known)) if rows is None else rows
    if head != REQUEST:
        rows = np.array([row for row in rows if known[row].is_request])
    truth = [known[row].is_request if head == REQUEST else head in known[row].rights for row in rows]
    model = LogisticRegression(C=STRENGTH, max_iter=1000, solver="liblinear", class_weight="balanced")
    return model.fit(seen[rows], truth)


def measured(known: Sequence[Text], mails: Sequence[Mail], sentences: Sequence[Sequence[str]]) -> dict[str, np.ndarray]:
    """Return the probabilities of each head for each text, by models that have not seen its family."""
    heads = {head: np.zeros(len(known)) for head in (REQUEST, *RIGHTS)}
    parts = [[features.of(one, [one]) for one in mail] for mail in sentences]
    families = [text.family.removesuffix("_abroad") for text in known]
    for train, test in GroupKFold(FOLDS).split(known, groups=families):
        rarity = rare([mails[row] for row in train])
        seen = matrix(mails, rarity)
        for head, found in heads.items():
            model = fitted(head, known, seen, train)
            logits = model.decision_function(seen[test])
            if head == REQUEST:
                logits += triage_model.PEAK * peaks(model, [parts[row] for row in test], rarity)
            found[test] = 1 / (1 + np.exp(-logits))
    return heads


def peaks(model: LogisticRegression, parts: Sequence[Sequence[Mail]], rarity: "array[int]") -> np.ndarray:
    """Return what the likeliest sentence of each mail says, as `suggest.judged` asks."""
    spoken = model.decision_function(matrix([one for mail in parts for one in mail], rarity))
    ends = np.cumsum([0, *map(len, parts)])
    return np.array([max(spoken[begin:end], default=0.0) for begin, end in pairwise(ends)])


def report(name: str, known: Sequence[Text], heads: dict[str, np.ndarray], unsure_from: float) -> None:
    """Print how many requests are found, how many others are put aside, and how well the rights fit."""
    scores = heads[REQUEST]
    asked = np.array([text.is_request for text in known])
    sure = np.array([not text.unsure for text in known])
    print(f"{name}: {asked.sum()} requests, {(~asked).sum()} others")
    print(f"  found (as request or unsure): {(scores[asked] >= unsure_from).mean():.3f}")
    print(f"  put aside of the others: {(scores[~asked] < unsure_from).mean():.3f},"
          f" of those nobody hesitates at: {(scores[~asked & sure] < unsure_from).mean():.3f}")  # fmt: skip
    print(f"  F1 of the rights against the nearest accepted set: {rights_f1(known, heads):.3f}")


def rights_f1(known: Sequence[Text], heads: dict[str, np.ndarray]) -> float:
    """Return the F1 over all rights of all requests."""
    hits = wrong = missed = 0
    for row, text in enumerate(known):
        if not text.is_request:
            continue
        named = set(triage_model.named({right: float(heads[right][row]) for right in RIGHTS}))
        nearest = min(text.accepted, key=lambda one: len(one ^ named))
        hits, wrong, missed = hits + len(nearest & named), wrong + len(named - nearest), missed + len(nearest - named)
    return 2 * hits / (2 * hits + wrong + missed)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make triage-model", description=__doc__)
    parser.add_argument("--extra", type=Path, help="a folder of further texts (manage.py export_corrections)")
    options = parser.parse_args()
    if options.extra and not any(options.extra.glob("*.txt")):
        parser.error(f"{options.extra} holds no texts")
    return options


if __name__ == "__main__":
    sys.exit(main())
