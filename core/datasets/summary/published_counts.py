"""Comparison of a dataset's counts with published ones.

FER2013: Goodfellow et al., "Challenges in representation learning", 2013.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.datasets.summary.class_counts import SplitCounts
from core.domain import CONFIDENT2, FER7, TO_CONFIDENT2, Dataset

TRAINING = dict(zip(FER7.labels, (3995, 436, 4097, 7215, 4830, 3171, 4965), strict=True))
PUBLIC_TEST = PRIVATE_TEST = 3589
BOTH_TESTS = PUBLIC_TEST + PRIVATE_TEST  # the folder `test` of Kaggle's copy
ALL_PICTURES = sum(TRAINING.values()) + BOTH_TESTS
# All pictures of the five labels that the map includes.
CONFIDENT2_BY_ITS_MAP = 31_338
# Stated in a report on confident and stressed faces; it does not follow from its own map.
CONFIDENT2_PUBLISHED = 29_262


@dataclass(frozen=True)
class CountCheck:
    """One published count beside the one found.

    Attributes:
        what: which pictures were counted.
        expected: as published.
        found: in this dataset.
        ok: whether they are equal.
        sentence: the result in words.
    """

    what: str
    expected: int
    found: int
    ok: bool
    sentence: str

    @property
    def is_explained(self) -> bool:
        """Equal, or different for a known reason outside the dataset."""
        return self.ok or (self.expected, self.found) == (
            CONFIDENT2_PUBLISHED,
            CONFIDENT2_BY_ITS_MAP,
        )


def check_counts(dataset: Dataset, counts: Sequence[SplitCounts]) -> tuple[CountCheck, ...]:
    """The checks that apply to a dataset; none where no counts are published for it.

    Args:
        counts: of this dataset, from `count_classes`: of each split, then of all together.
    """
    total = counts[-1]
    named = "fer2013" in "".join(filter(str.isalnum, dataset.name.lower()))
    if dataset.scheme == FER7 and (named or total.pictures == ALL_PICTURES):
        return tuple(_fer2013(counts))
    if dataset.scheme == CONFIDENT2 and (named or total.labelled == CONFIDENT2_BY_ITS_MAP):
        return tuple(_confident2(total))
    return ()


def _fer2013(counts: Sequence[SplitCounts]) -> Iterator[CountCheck]:
    *splits, total = counts
    by_name = {split.split.replace(" ", "").lower(): split.pictures for split in splits}
    yield _check("All pictures", ALL_PICTURES, total.pictures)
    training = [
        split
        for split in splits
        if split.split.replace(" ", "").lower() not in ("publictest", "privatetest", "test")
    ]
    if training:
        together = " + ".join(split.split for split in training)
        yield _check(together, sum(TRAINING.values()), sum(split.pictures for split in training))
        for label, expected in TRAINING.items():
            found = sum(split[label].pictures for split in training)
            yield _check(f"{together}: {label}", expected, found)
    for name, expected in (("PublicTest", PUBLIC_TEST), ("PrivateTest", PRIVATE_TEST)):
        if name.lower() in by_name:
            yield _check(name, expected, by_name[name.lower()])
    tests = sum(by_name.get(name, 0) for name in ("publictest", "privatetest", "test"))
    if tests:
        yield _check("Both tests together", BOTH_TESTS, tests)


def _confident2(total: SplitCounts) -> Iterator[CountCheck]:
    found = total.labelled
    included = [source for source, target in TO_CONFIDENT2.pairs if target is not None]
    yield _check(f"FER2013's {', '.join(included)}", CONFIDENT2_BY_ITS_MAP, found)
    yield CountCheck(
        what="As published for confident / stressed",
        expected=CONFIDENT2_PUBLISHED,
        found=found,
        ok=found == CONFIDENT2_PUBLISHED,
        sentence=(
            f"{CONFIDENT2_PUBLISHED:,} were published, {found:,} are here. The published number "
            f"does not follow from its own map, which gives {CONFIDENT2_BY_ITS_MAP:,}."
        ),
    )


def _check(what: str, expected: int, found: int) -> CountCheck:
    if found == expected:
        sentence = f"{found:,}, as published."
    else:
        more = "more" if found > expected else "fewer"
        sentence = f"{found:,}: {abs(found - expected):,} {more} than the {expected:,} published."
    return CountCheck(what, expected, found, found == expected, sentence)
