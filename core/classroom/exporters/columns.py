"""The columns of a class's tables, by minute and by slide, with what each means."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from core.classroom.board.view import INDEX
from core.classroom.exporters.class_report import ClassReport, Stretch, StretchFigure
from core.classroom.exporters.class_words import FIGURE_TITLES, FLAG_TITLES
from core.domain.classroom import FlagKind
from core.domain.intervals import SHARE_METHOD
from core.storage.csv_table import Cell

_DIGITS = 4


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        name: in the file's first line.
        unit: of its values; empty for text.
        meaning: in a sentence of the codebook.
        value: of one stretch.
    """

    name: str
    unit: str
    meaning: str
    value: Callable[[Stretch], Cell]


def minute_columns(report: ClassReport) -> tuple[Column, ...]:
    """Of the table by minute."""
    number = Column("minute", "count", "number of the minute, from 1", lambda one: one.number)
    return (number, *_shared_columns(report))


def slide_columns(report: ClassReport) -> tuple[Column, ...]:
    """Of the table by slide or topic."""
    return (
        Column("mark", "count", "number of the mark, from 1; 0: before it", lambda one: one.number),
        Column(
            "label",
            "",
            "as the teacher wrote it; a leading ' keeps it from running as a formula",
            lambda one: one.label,
        ),
        *_shared_columns(report),
    )


def codebook(report: ClassReport) -> list[list[Cell]]:
    """A row for each column of both tables: file, column, unit, meaning."""
    return [
        [file, one.name, one.unit, one.meaning]
        for file, columns in (
            ("minutes.csv", minute_columns(report)),
            ("slides.csv", slide_columns(report)),
        )
        for one in columns
    ]


CODEBOOK_HEAD = ("file", "column", "unit", "meaning")


def _shared_columns(report: ClassReport) -> Iterator[Column]:
    yield from _times(report)
    yield from _learners(report.view.smallest_group)
    for name in report.view.series:
        yield from _figure(name, report.view.smallest_group)
    yield from _mix(report)
    for kind, title in FLAG_TITLES.items():
        yield Column(f"flag_{kind}", "count", f"presses of {title}", _pressed(kind))
    for name in report.view.dips:
        meaning = (
            f"seconds in a dip of {FIGURE_TITLES[name].lower()}: for 30 s or more, the whole 95 % "
            "interval below the median of the ten minutes before, by at least a tenth of the scale"
        )
        yield Column(f"{name}_dip_s", "s", meaning, _dipped(name))


def _times(report: ClassReport) -> Iterator[Column]:
    opened_at = report.classroom.opened_at
    yield Column("begins_s", "s", "since the class was opened", lambda one: round(one.begins_s, 1))
    yield Column("ends_s", "s", "since the class was opened", lambda one: round(one.ends_s, 1))
    yield Column(
        "begins_at",
        "ISO 8601",
        "when it began, UTC",
        lambda one: (opened_at + timedelta(seconds=one.begins_s)).isoformat(timespec="seconds"),
    )


def _learners(smallest_group: int) -> Iterator[Column]:
    yield Column("joined", "learners", "had joined and not left, mean", lambda one: _n(one.joined))
    yield Column(
        "measured",
        "learners",
        "of them, with at least 60 % of a window of 10 s measured, mean; the others are not away",
        lambda one: _n(one.measured),
    )
    if smallest_group > 1:
        return  # how many faces were usable tells of faces, also of fewer than a group
    yield Column(
        "usable",
        "learners",
        "of these, with a usable face in at least 60 % of the window, mean",
        lambda one: _n(one.usable),
    )


def _figure(name: str, smallest_group: int) -> Iterator[Column]:
    unit = "0 to 100" if name == INDEX else "fraction"
    is_mean = name == INDEX or name.startswith("mean_")
    what = "mean over usable learners" if is_mean else "share of learners"
    interval = "Student's t" if is_mean else SHARE_METHOD
    title = FIGURE_TITLES[name]
    yield Column(name, unit, f"{title}: {what}, mean of the shown windows", _part(name, "value"))
    for end in ("low", "high"):
        meaning = f"its 95 % interval ({interval}), mean of the {end} ends"
        yield Column(f"{name}_{end}", unit, meaning, _part(name, end))
    yield Column(f"{name}_shown_s", "s", "seconds of the shown windows", _shown(name, "figures"))
    meaning = (
        "why most of the other seconds have no figure: not_measured; too_few (fewer than "
        f"{smallest_group}); one_changed (its group differs by one from that of a figure shown "
        "within a minute); one_left (one learner withdrew); empty: all were shown"
    )
    yield Column(f"{name}_withheld", "", meaning, _withheld(name, "figures"))


def _mix(report: ClassReport) -> Iterator[Column]:
    for label in report.view.mix:
        key = label.replace(" ", "_")
        meaning = f"share of usable learners whose highest mean score is {label}"
        for end, words in (("value", meaning), ("low", "95 % interval"), ("high", "95 % interval")):
            name = f"shown_{key}" if end == "value" else f"shown_{key}_{end}"
            yield Column(name, "fraction", words, _part(label, end, "mix"))
    for label in [*report.view.mix][:1]:
        yield Column("mix_shown_s", "s", "seconds with these shares", _shown(label, "mix"))
        yield Column("mix_withheld", "", "as of other figures", _withheld(label, "mix"))


def _of(stretch: Stretch, name: str, kind: str) -> StretchFigure:
    figures: Mapping[str, StretchFigure] = getattr(stretch, kind)
    return figures[name]


def _part(name: str, end: str, kind: str = "figures") -> Callable[[Stretch], Cell]:
    return lambda one: _n(getattr(_of(one, name, kind), end))


def _shown(name: str, kind: str) -> Callable[[Stretch], Cell]:
    return lambda one: _of(one, name, kind).shown_s


def _withheld(name: str, kind: str) -> Callable[[Stretch], Cell]:
    return lambda one: _of(one, name, kind).why_withheld


def _pressed(kind: FlagKind) -> Callable[[Stretch], Cell]:
    return lambda one: one.flags[kind]


def _dipped(name: str) -> Callable[[Stretch], Cell]:
    return lambda one: round(one.dip_s[name], 1)


def _n(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)
