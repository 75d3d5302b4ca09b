"""The results of a robustness measurement, as they are stored."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from core.domain import Interval
from core.domain.errors import DamagedModel
from core.domain.plain_values import from_plain, parse_json, to_plain
from core.evaluation.metrics.significance import ALPHA, Difference
from core.evaluation.predictions.evaluation_files import ROBUSTNESS_FILE
from core.evaluation.robustness.accuracy_by_quality import AccuracyByQuality
from core.evaluation.robustness.detection_rate import DetectionReport

FORMAT = 1


@dataclass(frozen=True)
class CorruptionPoint:
    """Metrics at one level of one corruption, all on the same pictures.

    Attributes:
        level: 0 for the original pictures.
        accuracy: with its Wilson interval.
        confidence: mean top score, after temperature.
        not_sure: share shown as "not sure".
        right_when_sure: accuracy of the others; None without any.
        ece: expected calibration error, 15 bins.
        same_label: share with the same prediction as without corruption.
        difference: accuracy here minus that of level 0; None at level 0.
        adjusted_p: of that difference, corrected for all levels of all corruptions (Holm).
    """

    level: int
    accuracy: Interval
    confidence: Interval
    not_sure: Interval
    right_when_sure: Interval | None
    ece: float
    same_label: Interval
    difference: Difference | None = None
    adjusted_p: float = 1.0

    @property
    def is_worse(self) -> bool:
        """Whether accuracy is significantly lower than without corruption."""
        found = self.difference
        return found is not None and found.accuracy.high < 0 and self.adjusted_p < ALPHA


@dataclass(frozen=True)
class CorruptionCurve:
    """Metrics by level of one corruption.

    Attributes:
        name: of the corruption, a key of `CORRUPTIONS`.
        amounts: of the levels, in the corruption's unit.
        points: of the levels 1, 2, ...
    """

    name: str
    amounts: tuple[float, ...]
    points: tuple[CorruptionPoint, ...]

    @property
    def falls_at(self) -> int | None:
        """The mildest level from which on all levels are significantly worse; None without any."""
        found = None
        for point in reversed(self.points):
            if not point.is_worse:
                break
            found = point.level
        return found

    @property
    def mean_accuracy(self) -> float:
        """Over its levels."""
        return sum(point.accuracy.value for point in self.points) / len(self.points)


@dataclass(frozen=True)
class RobustnessReport:
    """All results of one measurement. The field names are keys of stored files.

    Attributes:
        split: whose pictures.
        pictures: how many were used, the same at each level.
        judged: how many the split has.
        seed: of the sample and of the corruptions.
        made_at: UTC, ISO 8601.
        clean: metrics on the original pictures.
        curves: of the corruptions.
        mean: accuracy over all levels, each corruption weighted equally.
        natural: accuracy by picture quality.
        finding: face detection in frames; None where it was not measured.
        notes: sentences for readers of the results.
    """

    split: str
    pictures: int
    judged: int
    seed: int
    made_at: str
    clean: CorruptionPoint
    curves: tuple[CorruptionCurve, ...]
    mean: Interval
    natural: tuple[AccuracyByQuality, ...] = ()
    finding: DetectionReport | None = None
    notes: tuple[str, ...] = ()

    def to_bytes(self) -> bytes:
        """As the file holds it."""
        content = {"format": FORMAT, **to_plain(self)}
        return (json.dumps(content, separators=(",", ":"), allow_nan=False) + "\n").encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> RobustnessReport:
        """The inverse of `to_bytes`.

        Raises:
            DamagedModel: it is not such a file.
        """
        try:
            return _report(parse_json(content))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DamagedModel(
                f"{ROBUSTNESS_FILE} cannot be read: {error}.",
                advice="Measure the robustness again.",
            ) from error


def _report(read: dict[str, Any]) -> RobustnessReport:
    if read.pop("format") != FORMAT:
        raise ValueError("it is of another format")
    return from_plain(RobustnessReport, read)
