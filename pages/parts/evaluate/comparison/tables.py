"""Comparisons as tables for the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from core.domain import Interval
from core.domain.counted import interval_ends, tenths
from core.domain.wording import p_value, percent_ends
from core.evaluation.comparison import Cost, ModelMetrics, ModelPair
from core.evaluation.metrics import PairedTest
from pages.parts.shell.theme import expression_word


def metrics_table(ranking: Sequence[ModelMetrics]) -> pd.DataFrame:
    """One row per model: accuracy, macro-F1 and log loss."""
    return pd.DataFrame([_standing(one) for one in ranking])


def confidence_table(ranking: Sequence[ModelMetrics]) -> pd.DataFrame:
    """One row per model: calibration, and accuracy of the pictures that are answered."""
    return pd.DataFrame([_confidence(one) for one in ranking])


def cost_table(ranking: Sequence[ModelMetrics], costs: Mapping[str, Cost]) -> pd.DataFrame:
    """One row per model: its cost; empty where not measured."""
    return pd.DataFrame(
        [{"Model": one.name, **_cost(costs[one.name])} for one in ranking if one.name in costs]
    )


def pair_table(pairs: Sequence[ModelPair]) -> pd.DataFrame:
    """One row per pair: difference in accuracy, and its significance."""
    return pd.DataFrame([_pair(one) for one in pairs])


def more_table(pairs: Sequence[ModelPair]) -> pd.DataFrame:
    """One row per pair: further differences, and agreement."""
    return pd.DataFrame([_more(one) for one in pairs])


def class_table(pair: ModelPair) -> pd.DataFrame:
    """One row per class: recall of the first minus the second."""
    return pd.DataFrame(
        [
            {
                "Class": expression_word(one.label),
                "Pictures": one.recall.pictures,
                "Difference": f"{one.recall.accuracy.value * 100:+.1f} points",
                "95 % CI": percent_ends(one.recall.accuracy, "+.1f"),
                "Corrected p": p_value(one.corrected_p),
                "Only one correct": _alone(one.recall.test),
                "Verdict": "tie" if one.is_tie else "differs",
            }
            for one in pair.classes
        ]
    )


def cost_sentence(costs: Mapping[str, Cost]) -> str:
    """Where and how latencies were measured, or that they were not."""
    measured = sorted({one.measured for one in costs.values() if one.measured})
    missing = [name for name, one in costs.items() if one.ms is None]
    told = [f"Milliseconds on one processor core, {one}." for one in measured]
    if any(one.looks > 1 for one in costs.values()):
        told.append("Every view of a picture is counted.")
    if missing:
        told.append(f"Not timed yet: {', '.join(missing)}; publishing a model measures it.")
    return " ".join(told)


def _standing(one: ModelMetrics) -> dict[str, object]:
    return {
        "Model": one.name,
        "Accuracy": tenths(one.accuracy.value),
        "95 % CI": percent_ends(one.accuracy),
        "Macro-F1": f"{one.macro_f1.value:.3f}",
        "Log loss": f"{one.log_loss:.3f}",
    }


def _confidence(one: ModelMetrics) -> dict[str, object]:
    sure = one.accuracy_when_answered
    return {
        "Model": one.name,
        "Calibration error": tenths(one.ece),
        "Overconfidence": f"{one.overconfidence * 100:+.1f} points",
        "Coverage (answered)": tenths(one.answered),
        "Accuracy when answered": "" if sure is None else tenths(sure.value),
    }


def _cost(cost: Cost) -> dict[str, object]:
    return {
        "Milliseconds per picture": "not timed" if cost.ms is None else f"{cost.ms:.2f}",
        "File": "" if cost.file_bytes is None else f"{cost.file_bytes / 1e6:.1f} MB",
        "Million MACs": "" if cost.mmac is None else f"{cost.mmac:,.0f}",
        "Weights": "" if cost.weights is None else f"{cost.weights:,}",
        "Views per picture": cost.looks,
    }


def _pair(one: ModelPair) -> dict[str, object]:
    return {
        "Pair": f"{one.first} minus {one.second}",
        "Difference": f"{one.accuracy.accuracy.value * 100:+.1f} points",
        "95 % CI": percent_ends(one.accuracy.accuracy, "+.1f"),
        "Corrected p": p_value(one.corrected_p),
        "Only one correct": _alone(one.accuracy.test),
        "Verdict": "a tie" if one.is_tie else f"{_ahead(one)} is better",
    }


def _more(one: ModelPair) -> dict[str, object]:
    test = one.accuracy.test
    return {
        "Pair": f"{one.first} minus {one.second}",
        "Macro-F1": _thousandths(one.macro_f1),
        "Log loss": _thousandths(one.log_loss),
        "Same prediction": tenths(one.same_prediction),
        "Kappa": f"{one.kappa:.2f}",
        "Exact p": "" if test is None else p_value(test.exact_p),
        "Mid-p": "" if test is None else p_value(test.mid_p),
    }


def _ahead(one: ModelPair) -> str:
    return one.first if one.accuracy.accuracy.value > 0 else one.second


def _alone(test: PairedTest | None) -> str:
    return "" if test is None else f"{test.only_first:,} vs {test.only_second:,}"


def _thousandths(one: Interval) -> str:
    return f"{one.value:+.3f} {interval_ends(one.low, one.high, '+.3f')}"
