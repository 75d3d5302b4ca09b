"""The plan of a robustness measurement."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.errors import PlanError
from core.evaluation.robustness.corruptions import CORRUPTIONS, Corruption, corruption_named
from core.jobs import Plan

KIND = "conditions"
_MAX_SEED = 2**31 - 1


@dataclass(frozen=True)
class RobustnessPlan(Plan):
    """Measure the robustness of a model on the pictures of one of its evaluations.

    Attributes:
        model: name of a registered model.
        evaluation: slug of one of its evaluations.
        split: whose pictures; empty for the test split.
        corruptions: keys of `CORRUPTIONS`; empty for all.
        pictures: maximum number, sampled at random; 1,000 show a drop of three points, and take
            about a minute with the shipped model.
        poses: whether head poses are estimated, which takes 10 ms per picture.
        groups: path of a table of groups; empty for none. Only metrics of groups are stored of it.
        folder: level of the pictures' folders that declares groups, 1 being the outermost; 0 for
            none.
        frames: path of a picture, a video or a folder of them for face detection; empty for none.
        faces: maximum number of faces in frames.
        seed: of the sample and of the corruptions.
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
        """The requested corruptions, in the order of `CORRUPTIONS`."""
        requested = self.corruptions or tuple(CORRUPTIONS)
        return tuple(one for name, one in CORRUPTIONS.items() if name in requested)
