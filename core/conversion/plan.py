"""The plan of a conversion."""

from __future__ import annotations

from dataclasses import dataclass

from core.conversion.formats import FORMATS, Format, format_named
from core.domain.errors import PlanError
from core.jobs import Plan

_RANGES = (("pictures", 0, 10**9), ("threads", 1, 1024), ("seed", 0, 2**31 - 1))


@dataclass(frozen=True)
class ConvertPlan(Plan):
    """Convert a saved model to other formats and check their predictions.

    Attributes:
        model: a name in the registry.
        formats: names of `FORMATS`; empty takes all.
        dataset: a name in the catalogue; its test split is used. Empty takes the model's training
            dataset where it is in the catalogue, and synthetic faces otherwise.
        classes: name of a class mapping for the dataset; empty finds the one to the model's
            labels, where there is one.
        pictures: at most so many of them; 0 takes all.
        threads: for the comparison; speed is always measured with one.
        seed: of the sampled pictures.
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
        """The requested formats, in the order of conversion."""
        return tuple(
            one for name, one in FORMATS.items() if not self.formats or name in self.formats
        )
