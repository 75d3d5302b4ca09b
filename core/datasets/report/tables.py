"""Class distribution and class weights as files for other programs and for people."""

from __future__ import annotations

import csv
import io
import json

from core.datasets.report.content import weight_words
from core.datasets.summary.summary import DatasetSummary
from core.storage.csv_injection import neutralise_formula

_RULE = "n / (k * n_c), as scikit-learn's class_weight='balanced'"


def class_distribution_csv(summary: DatasetSummary) -> str:
    """A row for each class of each split, and of all together; shares in [0, 1]."""
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
    """The weight of a picture of each class, by label and by class number.

    `by_number` is what Keras takes as `class_weight`. A class without pictures has no weight.
    """
    learning = summary.learning
    weighed = [
        (at, one.label, one.weight)
        for at, one in enumerate(learning.classes)
        if one.weight is not None
    ]
    content = {
        "dataset": summary.name,
        "content_hash": summary.content_hash,
        "split": learning.split,
        "rule": _RULE,
        "weights": {label: weight for _, label, weight in weighed},
        "by_number": {str(at): weight for at, _, weight in weighed},
        "without_pictures": list(learning.empty),
    }
    return json.dumps(content, indent=1, allow_nan=False, ensure_ascii=False) + "\n"


def class_weights_text(summary: DatasetSummary) -> str:
    """The same to read."""
    learning = summary.learning
    widest = max(len("Class"), *(len(one.label) for one in learning.classes))
    lines = [
        f"Class weights of {summary.name}, from its split {learning.split}",
        f"{_RULE}.",
        "",
        f"{'Class':{widest}}  {'pictures':>9}  {'weight':>8}",
    ]
    lines += [
        f"{one.label:{widest}}  {one.pictures:>9,}  {weight_words(one.weight):>8}"
        for one in learning.classes
    ]
    return "\n".join(lines) + "\n"
