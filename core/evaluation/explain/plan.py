"""The plan of an explanation."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.counted import counted
from core.domain.errors import PlanError
from core.jobs import Plan

KIND = "explain"
PERPLEXITY = 30.0  # t-SNE's usual; planes between 20 and 50 look alike


@dataclass(frozen=True)
class ExplainPlan(Plan):
    """Compute saliency maps and projections on the pictures of an evaluation.

    Attributes:
        model: name of a registered model.
        evaluation: slug of one of its evaluations.
        split: whose pictures; empty for the test split.
        pictures: maximum number, sampled at random.
        single_maps: maximum number of pictures whose own maps are stored, misclassified ones first;
            mean maps use all pictures.
        wanted: digests of pictures as hexadecimal numbers: only their maps are computed, and added
            to the stored ones. Empty for the whole split.
        perplexity: of t-SNE.
        seed: of the sample, of t-SNE and of the random weights in the sanity check.
        threads: of the processor.
    """

    refusal = "This is no plan of an explanation"

    model: str
    evaluation: str
    split: str = ""
    pictures: int = 4000
    single_maps: int = 4000
    wanted: tuple[str, ...] = ()
    perplexity: float = PERPLEXITY
    seed: int = 7
    threads: int = 2

    def __post_init__(self) -> None:
        if self.pictures < 1 or self.single_maps < 0 or self.threads < 1:
            raise PlanError(
                f"{counted(self.pictures, 'picture')}, {self.single_maps} maps and {self.threads} "
                "threads are not possible.",
                advice="Give at least one picture and one thread.",
            )
        if not 2 <= self.perplexity <= 200:
            raise PlanError(
                f"A perplexity of {self.perplexity:g} gives no projection.", advice="Take 5 to 50."
            )
        for name in self.wanted:
            _as_number(name)

    @property
    def digests(self) -> tuple[int, ...]:
        """`wanted` as numbers."""
        return tuple(_as_number(name) for name in self.wanted)


def _as_number(name: str) -> int:
    try:
        number = int(name, 16)
    except ValueError:
        number = -1
    if not 0 <= number < 1 << 64:
        raise PlanError(f"{name[:40]!r} names no picture.", advice="Choose a picture on the page.")
    return number
