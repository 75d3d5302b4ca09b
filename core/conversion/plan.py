"""What one conversion is asked to do."""

from __future__ import annotations

from dataclasses import dataclass

from core.conversion.formats import FORMATS, Format, format_named
from core.domain.errors import PlanError
from core.jobs import Plan

_RANGES = (("pictures", 0, 10**9), ("threads", 1, 1024), ("seed", 0, 2**31 - 1))


@dataclass(frozen=True)
class ConvertPlan(Plan):
    """Write a saved model in other formats and see whether each gives the same answers.

    Attributes:
        model: a name on the shelf.
        formats: names of `FORMATS`; empty takes all.
        dataset: whose judging split is asked about, a name in the catalogue; empty takes the one
            the model learned from, where it is here, and synthetic faces where it is not.
        classes: name of a mapping the dataset is looked at through; empty finds the one that leads
            to the model's labels, where there is one.
        pictures: at most so many of them; 0 takes all.
        threads: while asking; speed is always measured with one.
        seed: of the pictures that are chosen.
    """

    refusal = "This is not a conversion plan"

    model: str
    formats: tuple[str, ...] = ()
    dataset: str = ""
    classes: str = ""
    pictures: int = 0
    threads: int = 1
    seed: int = 7

    def __post_init__(self) -> None:
        object.__setattr__(self, "formats", tuple(dict.fromkeys(self.formats)))
        for name in self.formats:
            format_named(name)
        if not self.model:
            raise PlanError("No model is given.", advice="Choose a saved model.")
        for name, low, high in _RANGES:
            value = getattr(self, name)
            if type(value) is not int or not low <= value <= high:
                raise PlanError(f"{name} cannot be {value!r}.", advice=f"Give {low:,} to {high:,}.")

    @property
    def chosen(self) -> tuple[Format, ...]:
        """The formats asked for, in the order they are made."""
        return tuple(
            one for name, one in FORMATS.items() if not self.formats or name in self.formats
        )
