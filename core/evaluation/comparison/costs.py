"""The cost of inference: size of a model and its latency, so far as they were measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.domain import ModelCard
from core.models import read_formats

VIEW_COUNTS = {"one": 1, "flip": 2, "ten-crop": 10}
"""Name of a test-time augmentation -> forward passes per picture."""


@dataclass(frozen=True)
class Cost:
    """Cost of predicting one picture.

    Attributes:
        weights: trainable parameters; None where they could not be counted.
        mmac: million multiply-accumulates per picture, over all views; None where unknown.
        file_bytes: size of the file used for inference; None where it does not exist.
        looks: views per picture.
        ms: CPU milliseconds per picture, over all views; None where not measured.
        measured: where and how `ms` was measured; empty where it was not.
    """

    weights: int | None
    mmac: float | None
    file_bytes: int | None
    looks: int = 1
    ms: float | None = None
    measured: str = ""


@dataclass(frozen=True)
class Timing:
    """Latency of one model.

    Attributes:
        ms: CPU milliseconds per picture, one view.
        measured: where and how, in words.
    """

    ms: float
    measured: str


def cost_of(models_dir: Path, card: ModelCard, *, views: str) -> Cost:
    """The cost of predicting one picture with the file used for inference.

    Args:
        views: a key of `VIEW_COUNTS`.
    Raises:
        DamagedModel: the list of its formats cannot be read.
    """
    count, timing = VIEW_COUNTS[views], timing_of(models_dir, card)
    try:
        file_bytes: int | None = (models_dir / card.name / card.served_by).stat().st_size
    except OSError:
        file_bytes = None
    return Cost(
        weights=card.weights or None,
        mmac=card.mmac * count or None,
        file_bytes=file_bytes,
        looks=count,
        ms=None if timing is None else timing.ms * count,
        measured="" if timing is None else timing.measured,
    )


def total_cost(costs: Sequence[Cost]) -> Cost:
    """The cost of an ensemble; what is unknown of one member is unknown of all.

    Args:
        costs: of each, one or more.
    """

    def total(name: str) -> float | None:
        values = [getattr(one, name) for one in costs]
        return None if None in values else sum(values)

    weights, file_bytes, ms = total("weights"), total("file_bytes"), total("ms")
    return Cost(
        weights=None if weights is None else int(weights),
        mmac=total("mmac"),
        file_bytes=None if file_bytes is None else int(file_bytes),
        looks=costs[0].looks,
        ms=ms,
        measured="; ".join(dict.fromkeys(one.measured for one in costs)) if ms else "",
    )


def timing_of(models_dir: Path, card: ModelCard) -> Timing | None:
    """Latency of the file used for inference, as its conversion measured it; None without that.

    Raises:
        DamagedModel: the list of formats cannot be read.
    """
    served = card.files.get(card.served_by)
    for row in read_formats(models_dir, card):
        if row.sha256 == served and row.speed is not None:
            return Timing(row.speed.one.median_ms, f"one picture at a time, {row.speed.machine}")
    return None


def pareto_front(accuracy: Mapping[str, float], cost: Mapping[str, float]) -> tuple[str, ...]:
    """Names of the models that no other dominates, cheapest first.

    A model is dominated by one that is at least as accurate and at most as costly, and better in
    one of the two.

    Args:
        accuracy: by name.
        cost: by name; names without one are left out.
    """
    front: list[str] = []
    best = float("-inf")
    for name in sorted(cost, key=lambda one: (cost[one], -accuracy[one], one)):
        is_equal = front and (accuracy[name], cost[name]) == (accuracy[front[-1]], cost[front[-1]])
        if accuracy[name] > best or is_equal:
            front.append(name)
            best = accuracy[name]
    return tuple(front)


def known_costs(
    costs: Mapping[str, Cost], names: Sequence[str], attribute: str
) -> dict[str, float]:
    """One kind of cost by name; models where it is unknown are left out.

    Args:
        attribute: of `Cost`.
    """
    found = {name: getattr(costs[name], attribute) for name in names if name in costs}
    return {name: float(one) for name, one in found.items() if one is not None}
