"""A comparison in sentences."""

from __future__ import annotations

from collections.abc import Mapping

from core.domain import Interval
from core.domain.counted import counted, times
from core.domain.wording import listed, points_of
from core.evaluation.comparison.costs import Cost, known_costs
from core.evaluation.comparison.report import Comparison, ModelPair

_MIN_SAVING = 1.1  # a smaller ratio of operations is no reason to prefer one model


def conclusion(found: Comparison) -> str:
    """Which model is best, or that no difference is significant."""
    tied, best = found.tied_with_best, found.ranking[0].name
    nearest = found.pair(best, found.ranking[1].name)
    others = tuple(one.name for one in found.ranking if one.name not in tied)
    if len(tied) == 1:
        words = "better" if len(found.ranking) == 2 else "the best of these"
        return (
            f"{best} is {words}: {points(nearest.accuracy.accuracy)} above {nearest.second} on "
            f"{counted(found.pictures, 'picture')}."
        )
    worse = f" {listed(others)} {'is' if len(others) == 1 else 'are'} worse." if others else ""
    return (
        f"A tie: no significant difference between {listed(tied)} on "
        f"{counted(found.pictures, 'picture')} ({best} minus {tied[1]}: "
        f"{points(found.pair(best, tied[1]).accuracy.accuracy)})." + worse
    )


def advice(found: Comparison, costs: Mapping[str, Cost]) -> str:
    """Which of several tied models to take; empty where costs are alike or unknown.

    Args:
        costs: by name of the model.
    """
    mmacs = known_costs(costs, found.tied_with_best, "mmac")
    if len(mmacs) < 2:
        return ""
    (cheapest, least), (_, next_least) = sorted(mmacs.items(), key=lambda item: item[1])[:2]
    if next_least / least < _MIN_SAVING:
        return ""
    return (
        f"Take {cheapest} where speed or size counts: it needs {times(next_least / least)} fewer "
        "operations per picture, and no significant difference shows that it is worse."
    )


def pair_sentence(pair: ModelPair) -> str:
    """Two models in one sentence."""
    difference = points(pair.accuracy.accuracy)
    if pair.is_tie:
        return f"A tie: {pair.first} minus {pair.second} is {difference}."
    ahead, behind = (
        (pair.first, pair.second) if pair.accuracy.accuracy.value > 0 else (pair.second, pair.first)
    )
    return f"{ahead} is better than {behind} ({pair.first} minus {pair.second}: {difference})."


def points(difference: Interval) -> str:
    """A difference of shares: "+2.3 points [+1.1, +3.5]"."""
    return points_of(difference, "+.1f")
