"""On which grounds data may stay although the person wants it deleted: those of Article 17 itself.

The other grounds of a refusal speak of the request as a whole; these are given item by item.
"""

from requests_app.domain.enums import Right
from requests_app.domain.grounds import ARTICLES, GROUNDS, Ground

KEEPING_GROUNDS: tuple[Ground, ...] = tuple(
    ground for ground in GROUNDS[Right.ERASURE] if ARTICLES.get(ground, "").startswith("17")
)
