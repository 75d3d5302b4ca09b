"""What is asked for when a model shall be explained on an evaluation's pictures."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.counted import counted
from core.domain.errors import PlanError
from core.jobs import Plan

KIND = "explain"
PERPLEXITY = 30.0  # t-SNE's usual; planes between 20 and 50 look alike


@dataclass(frozen=True)
class ExplainPlan(Plan):
    """Find out where a model looks and which pictures look alike to it.

    Attributes:
        model: a name on the shelf.
        evaluation: slug of one of its evaluations.
        split: whose pictures; empty for the one that judges.
        pictures: at most so many are looked at, drawn at random.
        single_maps: at most so many keep maps of their own, wrong ones first; means have all.
        wanted: digests as hexadecimal numbers: only these are looked at, and their maps are put
            beside those there are. Empty for the whole split.
        perplexity: about how many neighbours of each picture the plane of all pictures keeps.
        seed: of the draw, the plane and the random weights that maps are checked against.
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
