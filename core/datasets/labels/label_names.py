"""From labels as files have them to the classes of a scheme."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.datasets.readers.source import DatasetSource
from core.domain import FER7, SCHEMES, LabelMap, LabelScheme
from core.domain.errors import DatasetError, PlanError, UnmappedLabels
from core.domain.wording import nfc

OWN = "own"
"""As a scheme's name: the labels as they are."""

# Words that datasets use for the expressions of FER7; CK+, JAFFE, RAF-DB and FER+ among them.
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
_MOST_DIGITS = 18  # more are no number of a class, and Python refuses to read thousands
_DECIMAL = re.compile(r"(\d+)\.0*")  # "3.0", as pandas writes a column that has gaps


def label_map_for(
    source: DatasetSource, written: Sequence[str], *, numbers_known: bool = True
) -> LabelMap:
    """What becomes of each label that a dataset's files hold.

    Args:
        written: every label found, once; the empty one (unlabelled) is not among them.
        numbers_known: whether numbers mean what they mean in FER2013's files; see
            `numbers_as_in_fer2013`. Otherwise somebody has to say it of each.
    Raises:
        UnmappedLabels: some label belongs to no class; it is named.
        PlanError: there is no such scheme.
        LabelSchemeMismatch: a label is mapped to a class that the scheme does not have.
    """
    if source.scheme not in {"", OWN, *SCHEMES}:
        raise PlanError(
            f"There is no scheme {source.scheme[:40]!r}.",
            advice=f"Choose {', '.join(SCHEMES)}, or {OWN} for the original labels.",
        )
    chosen = _chosen(source, written)
    if source.scheme == OWN:
        return _own(source, chosen, written)
    if not numbers_known:
        _expect_numbers_said(chosen, written)
    wanted = [SCHEMES[source.scheme]] if source.scheme else list(SCHEMES.values())
    for scheme in wanted:
        pairs = [(label, _found(label, scheme, chosen)) for label in written]
        if all(found is not None for _, found in pairs):
            return LabelMap(
                source.name or scheme.name,
                scheme,
                tuple((label, found or None) for label, found in pairs),
            )
    scheme = wanted[0]
    missing = [label for label in written if _found(label, scheme, chosen) is None]
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
    """Whether numbers among labels count as FER2013 counts: only in files of its own form.

    Elsewhere 1 is as often the first class as the second. A CSV file whose numbers go past 6 and
    begin with 1 counts otherwise too.

    Args:
        format_name: a key of `formats.FORMATS`.
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
    """The same as rows; empty where every label is called as its class is."""
    rows = [{"Label": one, "Class": to or "excluded"} for one, to in label_map.pairs]
    return rows if any(row["Label"] != row["Class"] for row in rows) else []


def chosen_labels(source: DatasetSource, answers: Mapping[str, str | None]) -> DatasetSource:
    """The source with what a person said of labels.

    Args:
        answers: label -> class; an empty one leaves its pictures out, None is no answer.
    Raises:
        DatasetError: a label was not answered.
    """
    open_ones = [label for label, to in answers.items() if to is None]
    if open_ones:
        raise DatasetError(
            f"Nothing was chosen for {_listed(open_ones)}.",
            advice="Choose a class for each label, or exclude its pictures.",
        )
    pairs = {**dict(source.label_map), **{label: to or "" for label, to in answers.items()}}
    return replace(source, label_map=tuple(pairs.items()))


def guess(label: str, scheme: LabelScheme) -> str | None:
    """The label of a scheme that a written one stands for; None if nobody can tell."""
    return _found(label, scheme, {})


def _found(written: str, scheme: LabelScheme, chosen: Mapping[str, str]) -> str | None:
    """The scheme's label; an empty one leaves the pictures out; None if nobody can tell."""
    if written in chosen:
        return chosen[written]
    plain = _plain(written)
    if plain in scheme.labels:
        return plain
    # Numbers count as FER2013 counts; for other schemes nobody has agreed on an order.
    if scheme == FER7 and is_number(plain) and len(plain) < 3:
        return scheme.labels[int(plain)] if int(plain) < len(scheme) else None
    found = _SYNONYMS.get(plain)
    return found if found in scheme.labels else None


def _chosen(source: DatasetSource, written: Sequence[str]) -> dict[str, str]:
    """What a person said of labels, by their spelling in the files."""
    exactly = dict(source.label_map)
    said = {nfc(label): to for label, to in source.label_map}
    spelt = {label: said[nfc(label)] for label in written if nfc(label) in said}
    return {**spelt, **exactly}


def _plain(written: str) -> str:
    """A label without what people put around it."""
    plain = _NUMBERED.sub("", written.strip().lower())
    decimal = _DECIMAL.fullmatch(plain)
    return plain if decimal is None else decimal[1]


def is_number(plain: str) -> bool:
    """Whether a label is a number of a class: digits, few enough that `int` reads them."""
    return plain.isascii() and plain.isdigit() and len(plain) <= _MOST_DIGITS


def _expect_numbers_said(chosen: Mapping[str, str], written: Sequence[str]) -> None:
    numbers = [label for label in written if is_number(_plain(label))]
    unsaid = [label for label in numbers if label not in chosen]
    if unsaid:
        raise UnmappedLabels(
            f"The labels {_listed(numbers)} are numbers, and their meaning is known for "
            "FER2013's own CSV files only.",
            advice="View pictures of each and map it to a class: on the page Explore data, or "
            f"by --map {unsaid[0]}=CLASS for each of them (python -m core datasets add, "
            "or evaluate). With --sample-sheet labels.png, datasets add shows pictures "
            "of each.",
            labels=tuple(unsaid),
        )


def _as_options(labels: Sequence[str]) -> str:
    shown = " ".join(f"--map {shlex.quote(label[:30])}=" for label in labels[:3])
    return shown + (" and so on" if len(labels) > 3 else "")


def _own(source: DatasetSource, chosen: Mapping[str, str], written: Sequence[str]) -> LabelMap:
    spelt = nfc if source.reading > 1 else str
    pairs = [(label, spelt(chosen.get(label, label.strip().lower()))) for label in written]
    labels = tuple(sorted({found for _, found in pairs if found}))
    if len(labels) < 2:
        raise UnmappedLabels(
            f"There {'is one label' if labels else 'is no label'}: {_listed(labels)}.",
            advice="A training dataset has at least two classes, each in its own folder or "
            "named in a column.",
            labels=labels,
        )
    scheme = LabelScheme(f"own-{source.name or 'labels'}".lower().replace(" ", "-"), labels)
    return LabelMap(scheme.name, scheme, tuple((label, found or None) for label, found in pairs))


def _listed(labels: Sequence[str]) -> str:
    shown = ", ".join(repr(label[:30]) for label in labels[:6])
    return shown + (f" and {len(labels) - 6} more" if len(labels) > 6 else "")
