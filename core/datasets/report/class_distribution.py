"""Bar chart of the class distribution of each split, as SVG."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.datasets.summary.class_counts import ClassCount, SplitCounts
from core.datasets.summary.summary import DatasetSummary
from core.domain.counted import tenths
from core.storage.html_templates import rendered

TEMPLATES = Path(__file__).with_name("templates")
_COLUMNS = 3  # as FER2013 has splits; more go to a second line
_LABELS_PX, _COLUMN_PX, _BAR_PX, _ROW_PX, _HEAD_PX = 120, 290, 165, 24, 34
_LONGEST_WORD = 16


@dataclass(frozen=True)
class BarLayout:
    """One bar with its text.

    Attributes:
        y_px: top of its row.
        width_px: its length.
        words: count and share.
    """

    y_px: int
    width_px: float
    words: str


@dataclass(frozen=True)
class ColumnLayout:
    """The bars of one split.

    Attributes:
        x_px: start of its bars.
        y_px: top of its heading.
        split: its name.
        total: its number of pictures, as text.
        bars: one per class.
    """

    x_px: int
    y_px: int
    split: str
    total: str
    bars: tuple[BarLayout, ...]


@dataclass(frozen=True)
class DistributionLayout:
    """Layout of the chart.

    Attributes:
        name: of the dataset.
        columns: one per split.
        words: labels of the rows, each with the top of its row.
        words_x_px: right end of the labels.
        width_px, height_px: of the whole chart.
    """

    name: str
    columns: tuple[ColumnLayout, ...]
    words: tuple[tuple[str, int], ...]
    words_x_px: int
    width_px: int
    height_px: int


def class_distribution_svg(summary: DatasetSummary) -> str:
    """The chart as an SVG file, readable on light and dark backgrounds."""
    return rendered(TEMPLATES, "distribution.svg.jinja", chart=layout_of(summary), is_file=True)


def layout_of(summary: DatasetSummary) -> DistributionLayout:
    """The layout of the chart; all bars share one scale."""
    splits, labels = summary.splits, summary.scheme.labels
    band_px = _HEAD_PX + _ROW_PX * len(labels) + _ROW_PX // 2
    largest = max((one.share for split in splits for one in split.classes), default=0.0) or 1.0
    columns = tuple(
        _column(split, at, band_px, longest_share=largest) for at, split in enumerate(splits)
    )
    return DistributionLayout(
        name=summary.name,
        columns=columns,
        words=tuple(
            (_short(label), column.y_px + _HEAD_PX + row * _ROW_PX)
            for column in columns[::_COLUMNS]
            for row, label in enumerate(labels)
        ),
        words_x_px=_LABELS_PX - 10,
        width_px=_LABELS_PX + _COLUMN_PX * min(len(splits), _COLUMNS),
        height_px=band_px * -(-len(splits) // _COLUMNS),
    )


def _column(split: SplitCounts, at: int, band_px: int, *, longest_share: float) -> ColumnLayout:
    top = at // _COLUMNS * band_px
    bars = tuple(
        BarLayout(
            y_px=top + _HEAD_PX + row * _ROW_PX,
            width_px=round(one.share / longest_share * _BAR_PX, 1),
            words=_bar_words(one),
        )
        for row, one in enumerate(split.classes)
    )
    without = f", {split.unlabelled:,} without a label" if split.unlabelled else ""
    total = f"{split.pictures:,}{without}"
    return ColumnLayout(_LABELS_PX + at % _COLUMNS * _COLUMN_PX, top, split.split, total, bars)


def _bar_words(one: ClassCount) -> str:
    return f"{one.pictures:,} · {tenths(one.share)}" if one.pictures else "none"


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST_WORD else f"{label[: _LONGEST_WORD - 1]}…"
