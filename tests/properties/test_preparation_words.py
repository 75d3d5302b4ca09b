"""Laws of what a preparation report says of any counts of classes."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from core.datasets.report.content import PreparationReport, findings, next_steps, weight_words
from core.datasets.report.tables import class_weights_text
from core.datasets.summary.class_counts import balanced_weights, count_classes
from core.datasets.summary.summary import DatasetSummary
from core.domain import FER7, UNLABELLED
from core.domain.counted import times
from tests.examples import examples
from tests.make import make_dataset
from tests.pointing import pointers

MADE_AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
COUNTS = st.lists(st.integers(0, 400), min_size=7, max_size=7)
NEARLY_EVEN = [41, 40, 40, 40, 40, 40, 40]
_LARGEST = re.compile(r"The largest class, (\w+), has ([\d.,]+) times .* of the smallest, (\w+) ")
_SAYS_NOTHING = re.compile(r"(?<![\d.,])1(\.0+)? times\b")
_HEAVIER = re.compile(r"\bweigh|\bheav", re.IGNORECASE)


def _summary(counts: list[int], unlabelled: int = 0) -> DatasetSummary:
    """One split of so many pictures of each class; no face is looked at."""
    labels = [at for at, count in enumerate(counts) for _ in range(count)]
    labels += [UNLABELLED] * unlabelled
    dataset = make_dataset({"Training": labels}, scheme=FER7)
    return DatasetSummary(
        name="drawn",
        scheme=FER7,
        size_px=48,
        content_hash="0" * 64,
        notes=(),
        counts=count_classes(dataset),
        protocol=dataset.protocol,
        checks=(),
        faces=(),
        regions=(),
    )


def _sentences(counts: list[int], unlabelled: int = 0) -> tuple[DatasetSummary, list[str]]:
    summary = _summary(counts, unlabelled)
    report = PreparationReport(summary, MADE_AT)
    prose = class_weights_text(summary).splitlines()[:2]  # below them stands the table
    return summary, [*findings(report), *next_steps(report), *prose]


def _misleads(sentence: str, summary: DatasetSummary) -> str:
    """Why a sentence about these classes says nothing, or something untrue; empty if neither."""
    if _SAYS_NOTHING.search(sentence):
        return "one time as much is no difference"
    if _HEAVIER.search(sentence):
        plain = [
            one
            for one in summary.counts_for_weights.classes
            if one.weight is None or round(one.weight, 1) <= 1
        ]
        named = [one.label for one in plain if re.search(rf"\b{one.label}\b", sentence)]
        return f"{named} weigh no more than others" if named else ""
    told = _LARGEST.search(sentence)
    if told is None:
        return ""
    large, small = summary.whole[told[1]], summary.whole[told[3]]
    is_true = large.pictures > small.pictures and (large.weight or 0) < (small.weight or 0)
    return "" if is_true else "the larger class is not the larger one"


@examples(60)
@given(COUNTS)
@example(NEARLY_EVEN)
@example([20] * 7)
@example([1] * 6 + [400])
@example([0] * 7)
def test_no_sentence_about_classes_says_nothing_or_the_untrue(counts):
    summary, said = _sentences(counts)
    for sentence in said:
        assert _misleads(sentence, summary) == ""


@examples(60)
@given(COUNTS, st.integers(0, 3))
@example(NEARLY_EVEN, 0)
@example([1] * 6 + [400], 2)
def test_sentences_that_pages_and_files_share_point_to_no_other_place(counts, unlabelled):
    _, said = _sentences(counts, unlabelled)
    assert [one for one in said if pointers(one)] == []


def test_a_sentence_that_says_nothing_is_found():
    summary = _summary([20, 0, 0, 21, 0, 0, 0])
    for sentence in (
        "The largest class, happy, has 1.0 times the pictures of the smallest, angry (21 and 20).",
        "A picture of angry weighs 1.0 times as much.",
        "With class weights happy weighs more than the others.",
        "The largest class, angry, has 1.1 times the pictures of the smallest, happy (20 and 21).",
    ):
        assert _misleads(sentence, summary), sentence
    assert not _misleads("Train with class weights, or with a sampler.", summary)


def test_nearly_equal_classes_are_told_with_both_numbers():
    _, said = _sentences(NEARLY_EVEN)
    assert "All classes have about equally many pictures, from 40 (disgust) to 41 (angry)." in said


@given(st.floats(0, 1e6), st.integers(0, 3))
@example(1.0, 1)
@example(1.04, 1)
@example(0.96, 1)
@example(1.4, 0)
def test_times_never_reads_as_once(ratio, digits):
    told = times(ratio, digits)
    assert not _SAYS_NOTHING.search(told)
    assert (told == "") is (f"{ratio:.{digits}f}" == f"{1:.{digits}f}")


@given(COUNTS)
def test_the_weight_that_is_written_is_the_one_that_makes_classes_count_alike(counts):
    found = np.array(counts, dtype=np.int64)
    for one, weight in zip(
        _summary(counts).counts_for_weights.classes, balanced_weights(found), strict=True
    ):
        assert weight_words(one.weight) == (f"{weight:.3f}" if one.pictures else "-")
