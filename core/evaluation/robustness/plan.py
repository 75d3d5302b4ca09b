"""What is asked for when a model shall be tried under conditions."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.errors import PlanError
from core.evaluation.robustness.corruptions import CORRUPTIONS, Corruption, corruption_named
from core.jobs import Plan

KIND = "conditions"
_MAX_SEED = 2**31 - 1


@dataclass(frozen=True)
class RobustnessPlan(Plan):
    """Try a model under conditions, on the pictures of one of its evaluations.

    Attributes:
        model: a name on the shelf.
        evaluation: slug of one of its evaluations.
        split: whose pictures; empty for the one that judges.
        corruptions: keys of `CORRUPTIONS`; empty for all.
        pictures: at most so many, drawn at random; 1,000 show a fall of three points, and take
            about a minute with the shipped model.
        poses: whether heads' directions are read in the pictures, 10 ms each.
        groups: path of a table of groups; empty for none. Only figures of groups are kept of it.
        folder: level of the folders that the pictures lie in, 1 being the outermost, that declares
            groups; 0 for none.
        frames: path of a picture, a video or a folder of them, in which faces are looked for; empty
            for none.
        faces: at most so many of them.
        seed: of the draws.
        threads: of the processor.
    """

    refusal = "This is no plan of corruptions"

    model: str
    evaluation: str
    split: str = ""
    corruptions: tuple[str, ...] = ()
    pictures: int = 1000
    poses: bool = True
    groups: str = ""
    folder: int = 0
    frames: str = ""
    faces: int = 40
    seed: int = 7
    threads: int = 2

    def __post_init__(self) -> None:
        for name in self.corruptions:
            corruption_named(name)
        for name in ("pictures", "faces", "threads"):
            if getattr(self, name) < 1:
                raise PlanError(
                    f"{name} = {getattr(self, name)} is too small.", advice="One is the least."
                )
        if self.folder < 0:
            raise PlanError(
                f"There is no level {self.folder} of folders.", advice="1 is the outermost, 0 none."
            )
        if not 0 <= self.seed <= _MAX_SEED:
            raise PlanError(
                f"seed = {self.seed} is out of range.", advice=f"Take 0 to {_MAX_SEED:,}."
            )

    @property
    def chosen(self) -> tuple[Corruption, ...]:
        """The conditions, in the order of `CORRUPTIONS`."""
        wanted = self.corruptions or tuple(CORRUPTIONS)
        return tuple(one for name, one in CORRUPTIONS.items() if name in wanted)
