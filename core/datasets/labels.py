"""From labels as files have them to the classes of a scheme."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from core.datasets.source import DatasetSource
from core.errors import PlanError, UnmappedLabels
from core.vocabulary import FER7, SCHEMES, LabelMap, LabelScheme

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
_SYNONYMS = {word: label for label, words in _WORDS.items() for word in words}
_NUMBERED = re.compile(r"^\d+[\s._-]+(?=[^\d\s])")  # "0_angry", "3. happy"
_DECIMAL = re.compile(r"(\d+)\.0*")  # "3.0", as pandas writes a column that has gaps


def label_map_for(source: DatasetSource, written: Sequence[str]) -> LabelMap:
    """What becomes of each label that a dataset's files hold.

    Args:
        written: every label found, once; the empty one (unlabelled) is not among them.
    Raises:
        UnmappedLabels: some label belongs to no class; it is named.
        PlanError: there is no such scheme.
        LabelSchemeMismatch: a label is mapped to a class that the scheme does not have.
    """
    if source.scheme not in {"", OWN, *SCHEMES}:
        raise PlanError(
            f"There is no scheme {source.scheme[:40]!r}.",
            advice=f"Choose {', '.join(SCHEMES)}, or {OWN} for the labels as they are.",
        )
    chosen = dict(source.label_map)
    if source.scheme == OWN:
        return _own(source, chosen, written)
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
        advice=f"Say which of {', '.join(scheme.labels)} each stands for, leave it out, or keep "
        "the labels as they are.",
        labels=tuple(missing),
    )


def guess(label: str, scheme: LabelScheme) -> str | None:
    """The label of a scheme that a written one stands for; None if nobody can tell."""
    return _found(label, scheme, {})


def _found(written: str, scheme: LabelScheme, chosen: Mapping[str, str]) -> str | None:
    """The scheme's label; an empty one leaves the pictures out; None if nobody can tell."""
    if written in chosen:
        return chosen[written]
    plain = _NUMBERED.sub("", written.strip().lower())
    decimal = _DECIMAL.fullmatch(plain)
    plain = plain if decimal is None else decimal[1]
    if plain in scheme.labels:
        return plain
    # Numbers count as FER2013 counts; for other schemes nobody has agreed on an order.
    if scheme == FER7 and plain.isascii() and plain.isdigit() and len(plain) < 3:
        return scheme.labels[int(plain)] if int(plain) < len(scheme) else None
    found = _SYNONYMS.get(plain)
    return found if found in scheme.labels else None


def _own(source: DatasetSource, chosen: Mapping[str, str], written: Sequence[str]) -> LabelMap:
    pairs = [(label, chosen.get(label, label.strip().lower())) for label in written]
    labels = tuple(sorted({found for _, found in pairs if found}))
    if len(labels) < 2:
        raise UnmappedLabels(
            f"There {'is one label' if labels else 'is no label'}: {_listed(labels)}.",
            advice="A dataset to learn from has at least two classes, each in a folder of its own "
            "or named in a column.",
            labels=labels,
        )
    scheme = LabelScheme(f"own-{source.name or 'labels'}".lower().replace(" ", "-"), labels)
    return LabelMap(scheme.name, scheme, tuple((label, found or None) for label, found in pairs))


def _listed(labels: Sequence[str]) -> str:
    shown = ", ".join(repr(label[:30]) for label in labels[:6])
    return shown + (f" and {len(labels) - 6} more" if len(labels) > 6 else "")
