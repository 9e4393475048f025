"""Descriptions of foreign databases in the dataset format of fideslang, with a few keys of our own.

The format: https://ethyca.github.io/fideslang/resources/dataset/ . A file holds one dataset; our own keys
stand under `meta`, where tools that do not know them leave them alone. See `read.load`.
"""

from .model import Collection, Dataset, Direction, Field, Mark, Masking, Reference, Strategy
from .read import DatasetError, load, parse_text

__all__ = [
    "Collection",
    "Dataset",
    "DatasetError",
    "Direction",
    "Field",
    "Mark",
    "Masking",
    "Reference",
    "Strategy",
    "load",
    "parse_text",
]
