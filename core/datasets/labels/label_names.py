"""Mapping of the labels in files to the classes of a scheme."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.datasets.readers.source import DatasetSource
from core.domain import FER7, SCHEMES, LabelMap, LabelScheme
from core.domain.errors import DatasetError, PlanError, UnmappedLabels
from core.domain.wording import nfc

ORIGINAL_LABELS = "own"
"""As a scheme's name: keep the labels as they are."""

# Synonyms of the expressions of FER7 in datasets such as CK+, JAFFE, RAF-DB and FER+.
_WORDS: Mapping[str, tuple[str, ...]] = {
    "angry": ("anger", "an", "ang"),
    "disgust": ("disgusted", "di", "dis"),
    "fear": ("fearful", "afraid", "scared", "fe", "fea"),
    "happy": ("happiness", "joy", "ha", "hap"),
    "sad": ("sadness", "sa"),
    "surprise": ("surprised", "su", "sur"),
    "neutral": ("ne", "neu", "calm"),
}
_FER2013_FORMS = frozenset({"pixels-csv", "splits-csv"})
_SYNONYMS = {word: label for label, words in _WORDS.items() for word in words}
_NUMBERED = re.compile(r"^\d+[\s._-]+(?=[^\d\s])")  # "0_angry", "3. happy"
_MOST_DIGITS = 18  # more are no class number, and Python refuses to convert thousands
_DECIMAL = re.compile(r"(\d+)\.0*")  # "3.0", as pandas writes a column that has gaps


def label_map_for(
    source: DatasetSource, written: Sequence[str], *, numbers_known: bool = True
) -> LabelMap:
    """The class of each label in a dataset's files.

    Args:
        written: every distinct label, without the empty one (unlabelled).
        numbers_known: whether numbers mean what they mean in FER2013's files; see
            `numbers_as_in_fer2013`. Otherwise each has to be mapped explicitly.
    Raises:
        UnmappedLabels: labels that belong to no class.
        PlanError: there is no such scheme.
        LabelSchemeMismatch: a label is mapped to a class that the scheme does not have.
    """
    if source.scheme not in {"", ORIGINAL_LABELS, *SCHEMES}:
        raise PlanError(
            f"There is no scheme {source.scheme[:40]!r}.",
            advice=f"Choose {', '.join(SCHEMES)}, or {ORIGINAL_LABELS} for the original labels.",
        )
    explicit = _explicit_mapping(source, written)
    if source.scheme == ORIGINAL_LABELS:
        return _original_labels_map(source, explicit, written)
    if not numbers_known:
        _expect_numbers_mapped(explicit, written)
    candidates = [SCHEMES[source.scheme]] if source.scheme else list(SCHEMES.values())
    for scheme in candidates:
        pairs = [(label, _class_for(label, scheme, explicit)) for label in written]
        if all(found is not None for _, found in pairs):
            return LabelMap(
                source.name or scheme.name,
                scheme,
                tuple((label, found or None) for label, found in pairs),
            )
    scheme = candidates[0]
    missing = [label for label in written if _class_for(label, scheme, explicit) is None]
    raise UnmappedLabels(
        f"{_listed(missing)} {'is no label' if len(missing) == 1 else 'are no labels'} of "
        f"{scheme.name}.",
        advice=f"Map each to one of {', '.join(scheme.labels)}, exclude it, or keep the "
        f"original labels: on the page Explore data, or by {_as_options(missing)} to "
        f"exclude {'it' if len(missing) == 1 else 'them'} (python -m core datasets add, "
        "or evaluate).",
        labels=tuple(missing),
    )


def numbers_as_in_fer2013(format_name: str, written: Sequence[str]) -> bool:
    """Whether numbers among labels are FER2013's class numbers: only in files of its format.

    Elsewhere 1 is as often the first class as the second. A CSV file with numbers from 1 to more
    than 6 is numbered differently too.

    Args:
        format_name: a key of `dataset_formats.FORMATS`.
        written: the labels.
    """
    numbers = {int(one) for one in map(_plain, written) if is_number(one)}
    if format_name not in _FER2013_FORMS:
        return not numbers
    return 0 in numbers or max(numbers, default=0) < len(FER7)


def describe_mapping(label_map: LabelMap) -> str:
    """Which class each label became, as one sentence."""
    pairs = (f"{one} is {to or 'excluded'}" for one, to in label_map.pairs)
    return f"Labels: {', '.join(pairs)}." if label_map.pairs else "No picture carries a label."


def mapping_table(label_map: LabelMap) -> list[dict[str, str]]:
    """The same as rows; empty where every label equals its class."""
    rows = [{"Label": one, "Class": to or "excluded"} for one, to in label_map.pairs]
    return rows if any(row["Label"] != row["Class"] for row in rows) else []


def with_label_map(source: DatasetSource, answers: Mapping[str, str | None]) -> DatasetSource:
    """The source with labels mapped by a person.

    Args:
        answers: label -> class; an empty one excludes its pictures, None is no answer.
    Raises:
        DatasetError: a label has no answer.
    """
    unanswered = [label for label, to in answers.items() if to is None]
    if unanswered:
        raise DatasetError(
            f"Nothing was chosen for {_listed(unanswered)}.",
            advice="Choose a class for each label, or exclude its pictures.",
        )
    pairs = {**dict(source.label_map), **{label: to or "" for label, to in answers.items()}}
    return replace(source, label_map=tuple(pairs.items()))


def guess(label: str, scheme: LabelScheme) -> str | None:
    """The class of a scheme that a label probably stands for; None if unknown."""
    return _class_for(label, scheme, {})


def _class_for(written: str, scheme: LabelScheme, explicit: Mapping[str, str]) -> str | None:
    """The class of a label; an empty one excludes the pictures; None if unknown."""
    if written in explicit:
        return explicit[written]
    plain = _plain(written)
    if plain in scheme.labels:
        return plain
    # Numbers are FER2013's class numbers; other schemes have no agreed order.
    if scheme == FER7 and is_number(plain) and len(plain) < 3:
        return scheme.labels[int(plain)] if int(plain) < len(scheme) else None
    found = _SYNONYMS.get(plain)
    return found if found in scheme.labels else None


def _explicit_mapping(source: DatasetSource, written: Sequence[str]) -> dict[str, str]:
    """The mapping given by a person, keyed by the labels' spelling in the files."""
    exact = dict(source.label_map)
    by_nfc = {nfc(label): to for label, to in source.label_map}
    equivalent = {label: by_nfc[nfc(label)] for label in written if nfc(label) in by_nfc}
    return {**equivalent, **exact}


def _plain(written: str) -> str:
    """A label in lower case, without numbering and decimals."""
    plain = _NUMBERED.sub("", written.strip().lower())
    decimal = _DECIMAL.fullmatch(plain)
    return plain if decimal is None else decimal[1]


def is_number(plain: str) -> bool:
    """Whether a label is a class number: digits only, and few enough for `int`."""
    return plain.isascii() and plain.isdigit() and len(plain) <= _MOST_DIGITS


def _expect_numbers_mapped(explicit: Mapping[str, str], written: Sequence[str]) -> None:
    numbers = [label for label in written if is_number(_plain(label))]
    unmapped = [label for label in numbers if label not in explicit]
    if unmapped:
        raise UnmappedLabels(
            f"The labels {_listed(numbers)} are numbers, and their meaning is known for "
            "FER2013's own CSV files only.",
            advice="View pictures of each and map it to a class: on the page Explore data, or "
            f"by --map {unmapped[0]}=CLASS for each of them (python -m core datasets add, "
            "or evaluate). With --sample-sheet labels.png, datasets add shows pictures "
            "of each.",
            labels=tuple(unmapped),
        )


def _as_options(labels: Sequence[str]) -> str:
    shown = " ".join(f"--map {shlex.quote(label[:30])}=" for label in labels[:3])
    return shown + (" and so on" if len(labels) > 3 else "")


def _original_labels_map(
    source: DatasetSource, explicit: Mapping[str, str], written: Sequence[str]
) -> LabelMap:
    normalised = nfc if source.reading > 1 else str
    pairs = [(label, normalised(explicit.get(label, label.strip().lower()))) for label in written]
    classes = tuple(sorted({found for _, found in pairs if found}))
    if len(classes) < 2:
        raise UnmappedLabels(
            f"There {'is one label' if classes else 'is no label'}: {_listed(classes)}.",
            advice="A training dataset has at least two classes, each in its own folder or "
            "named in a column.",
            labels=classes,
        )
    scheme = LabelScheme(f"own-{source.name or 'labels'}".lower().replace(" ", "-"), classes)
    return LabelMap(scheme.name, scheme, tuple((label, found or None) for label, found in pairs))


def _listed(labels: Sequence[str]) -> str:
    shown = ", ".join(repr(label[:30]) for label in labels[:6])
    return shown + (f" and {len(labels) - 6} more" if len(labels) > 6 else "")
