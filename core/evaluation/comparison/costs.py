"""What a model costs to run: its size and its time, so far as they were measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.domain import ModelCard
from core.models import read_formats

LOOKS = {"one": 1, "flip": 2, "ten-crop": 10}
"""How often a picture is computed for each way of looking at it."""


@dataclass(frozen=True)
class Cost:
    """What one answer costs.

    Attributes:
        weights: trainable numbers; None where nobody could count them.
        mmac: million multiply-accumulates for a picture, all looks at it together; None likewise.
        file_bytes: of the file that answers; None where it is not there.
        looks: how often each picture is computed.
        ms: processor milliseconds for a picture, all looks together; None where nobody measured.
        measured: where and how `ms` was measured; empty where nobody did.
    """

    weights: int | None
    mmac: float | None
    file_bytes: int | None
    looks: int = 1
    ms: float | None = None
    measured: str = ""


@dataclass(frozen=True)
class Timing:
    """How long one picture takes one model.

    Attributes:
        ms: processor milliseconds for a picture, looked at once.
        measured: where and how, in words.
    """

    ms: float
    measured: str


def cost_of(models_dir: Path, card: ModelCard, *, views: str) -> Cost:
    """What one answer of a model costs, by the file that answers.

    Args:
        views: a key of `LOOKS`.
    Raises:
        DamagedModel: the list of its formats cannot be read.
    """
    looks, timing = LOOKS[views], timing_of(models_dir, card)
    try:
        file_bytes: int | None = (models_dir / card.name / card.served_by).stat().st_size
    except OSError:
        file_bytes = None
    return Cost(
        weights=card.weights or None,
        mmac=card.mmac * looks or None,
        file_bytes=file_bytes,
        looks=looks,
        ms=None if timing is None else timing.ms * looks,
        measured="" if timing is None else timing.measured,
    )


def summed(costs: Sequence[Cost]) -> Cost:
    """What several models that answer as one cost; what is unknown of one is unknown of all.

    Args:
        costs: of each, one or more.
    """

    def total(what: str) -> float | None:
        known_ones = [getattr(one, what) for one in costs if getattr(one, what) is not None]
        return sum(known_ones) if len(known_ones) == len(costs) else None

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
    """How long the file that answers took here, as its conversion measured it; None without that.

    Raises:
        DamagedModel: the list of formats cannot be read.
    """
    served = card.files.get(card.served_by)
    for row in read_formats(models_dir, card):
        if row.sha256 == served and row.speed is not None:
            return Timing(row.speed.one.median_ms, f"one picture at a time, {row.speed.machine}")
    return None


def not_dominated(accuracy: Mapping[str, float], cost: Mapping[str, float]) -> tuple[str, ...]:
    """Names of those that no other beats in both, cheapest first (the Pareto front).

    One is beaten by another that is at least as accurate and at most as costly, and better in one.

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


def known(costs: Mapping[str, Cost], names: Sequence[str], what: str) -> dict[str, float]:
    """One part of the costs of those who have it.

    Args:
        what: an attribute of `Cost`.
    """
    found = {name: getattr(costs[name], what) for name in names if name in costs}
    return {name: float(one) for name, one in found.items() if one is not None}
