"""A number that a bench tells."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """Something that was measured; `target` None: there is none, the number is for information."""

    what: str
    value: float
    unit: str
    target: float | None = None
    met: bool | None = None


def line(figure: Figure) -> str:
    """The figure for the terminal."""
    target = ""
    if figure.target is not None:
        target = f"  target {figure.target:,g}: {'met' if figure.met else 'MISSED'}"
    return f"{figure.value:>10,.6g} {figure.unit:<8}  {figure.what}{target}"
