"""What a saved model is, and how it was made."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from core.vocabulary.report import EvaluationReport
from core.vocabulary.scheme import SCHEMES, LabelScheme


@dataclass(frozen=True)
class ModelInput:
    """The picture a model expects.

    Attributes:
        size_px: side of the square.
        crop: name of the way faces are cut out (perception.crops); training and use must agree.
    """

    size_px: int
    crop: str = "fer2013"


@dataclass(frozen=True)
class ModelCard:
    """What a saved model is, how it was made, and how far to trust it.

    The model takes float32 `(n, size_px, size_px, 1)`, grey in [0, 1], and answers logits
    `(n, len(scheme))`. Scores are `softmax(logits / temperature)`.

    Attributes:
        name: the folder's name under models/.
        scheme: meaning of the outputs, in order.
        input: what it expects.
        temperature: divides the logits; fitted on the split that chose the model, never the test.
        not_sure_below: top scores under this are shown as "not sure".
        weights: trainable numbers.
        mmac: million multiply-accumulates for one picture.
        files: file name -> sha256, every file the model needs.
        made_at: UTC, ISO 8601.
        run_id: the run that made it.
        recipe: its recipe's name.
        dataset: what it learned from, with counts and a content hash.
        reports: one for each split judged.
        limits: sentences a user must know.
        not_for: uses it must not be put to.
    """

    name: str
    scheme: LabelScheme
    input: ModelInput
    temperature: float
    not_sure_below: float
    weights: int
    mmac: float
    files: dict[str, str]
    made_at: str
    run_id: str
    recipe: str
    dataset: str
    reports: tuple[EvaluationReport, ...] = ()
    limits: tuple[str, ...] = field(default=())
    not_for: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        if self.temperature <= 0:
            raise ValueError(f"{self.name}: temperature must be positive, got {self.temperature}")
        if not 0 <= self.not_sure_below < 1:
            raise ValueError(f"{self.name}: not_sure_below must lie in [0, 1)")

    def report(self, split: str) -> EvaluationReport | None:
        """The report on one split; None if that was never judged."""
        return next((one for one in self.reports if one.split == split), None)

    def to_json(self) -> dict[str, Any]:
        """Plain values, ready for `json.dumps`; a scheme that everybody has by its name alone."""
        known = SCHEMES.get(self.scheme.name) == self.scheme
        return {**asdict(self), "scheme": self.scheme.name if known else asdict(self.scheme)}

    @classmethod
    def from_json(cls, read: dict[str, Any]) -> ModelCard:
        """The inverse of `to_json`.

        Raises:
            KeyError, TypeError, ValueError: not a card.
        """
        return cls(
            **{
                **read,
                "scheme": _scheme(read["scheme"]),
                "input": ModelInput(**read["input"]),
                "reports": tuple(EvaluationReport.from_json(one) for one in read["reports"]),
                "limits": tuple(read["limits"]),
                "not_for": tuple(read["not_for"]),
            }
        )


def _scheme(read: str | dict[str, Any]) -> LabelScheme:
    if isinstance(read, str):
        return SCHEMES[read]
    return LabelScheme(str(read["name"]), tuple(str(label) for label in read["labels"]))
