"""Class distribution as CSV, and class weights as JSON and text."""

from __future__ import annotations

import csv
import io
import json

from core.datasets.report.content import weight_words
from core.datasets.summary.summary import DatasetSummary
from core.storage.csv_injection import neutralise_formula

_RULE = "n / (k * n_c), as scikit-learn's class_weight='balanced'"


def class_distribution_csv(summary: DatasetSummary) -> str:
    """One row per class and split, and of all together; shares in [0, 1]."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(("split", "label", "pictures", "share"))
    for split in summary.counts:
        for one in split.classes:
            name, label = neutralise_formula(split.split), neutralise_formula(one.label)
            rows.writerow((name, label, one.pictures, f"{one.share:.6f}"))
        if split.unlabelled:
            rows.writerow((neutralise_formula(split.split), "", split.unlabelled, ""))
    return text.getvalue()


def class_weights_json(summary: DatasetSummary) -> str:
    """The class weights, by label and by class number.

    `by_number` is what Keras takes as `class_weight`. A class without pictures has no weight.
    """
    counts = summary.counts_for_weights
    weighted = [
        (at, one.label, one.weight)
        for at, one in enumerate(counts.classes)
        if one.weight is not None
    ]
    content = {
        "dataset": summary.name,
        "content_hash": summary.content_hash,
        "split": counts.split,
        "rule": _RULE,
        "weights": {label: weight for _, label, weight in weighted},
        "by_number": {str(at): weight for at, _, weight in weighted},
        "without_pictures": list(counts.empty),
    }
    return json.dumps(content, indent=1, allow_nan=False, ensure_ascii=False) + "\n"


def class_weights_text(summary: DatasetSummary) -> str:
    """The class weights as a text table."""
    counts = summary.counts_for_weights
    widest = max(len("Class"), *(len(one.label) for one in counts.classes))
    lines = [
        f"Class weights of {summary.name}, from its split {counts.split}",
        f"{_RULE}.",
        "",
        f"{'Class':{widest}}  {'pictures':>9}  {'weight':>8}",
    ]
    lines += [
        f"{one.label:{widest}}  {one.pictures:>9,}  {weight_words(one.weight):>8}"
        for one in counts.classes
    ]
    return "\n".join(lines) + "\n"
