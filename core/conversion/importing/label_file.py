"""What an imported model's numbers stand for: from a labels file to a scheme."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from core.datasets.labels import guess
from core.domain import FER7, SCHEMES, LabelScheme
from core.domain.errors import PlanError
from core.domain.wording import nfc

MOST_BYTES = 64 * 1024
MOST_LABELS = 100
_LONGEST = 40
# The one line of advice for whatever is wrong with a labels file.
_ADVICE = (
    "Write one label on each line, in the order of the model's outputs: angry, disgust, ...; or "
    'as JSON: ["angry", "disgust"] or {"0": "angry", "1": "disgust"}.'
)
_NUMBER = re.compile(r"\d{1,3}")
_MARKED = re.compile(r"[-*+\u2022]\s+(?:\[[ xX]\]\s+)?(\S.*)")  # Markdown, YAML
_NUMBERED = re.compile(r"(\d{1,3})[\s.:;,)_-]+(\S.*)")  # Teachable Machine writes "0 happy"

ORDERS: Mapping[str, tuple[str, ...]] = {
    "FER2013 order": FER7.labels,
    "Alphabetical, as Keras reads folders": tuple(sorted(FER7.labels)),
}
"""Orders that nearly every model of seven expressions has; which one, only its maker knows."""


@dataclass(frozen=True)
class Meaning:
    """What a model's numbers stand for.

    Attributes:
        scheme: the labels Mien works with.
        outputs: which number stands for each label; empty where they come in their order.
        sentence: what was made of the labels as they were written.
    """

    scheme: LabelScheme
    outputs: tuple[int, ...]
    sentence: str


def read_labels(content: bytes) -> tuple[str, ...]:
    """The labels of a file in the order of a model's numbers; see `checked` for what they may be.

    Understood are a label on each line, perhaps with its number or the mark of a list as Markdown
    and YAML write it; the same in one line with commas; CSV with a column of numbers; lists and
    objects of numbers to labels or the reverse, as JSON or Python write them.

    Raises:
        PlanError: the file is something else.
    """
    if len(content) > MOST_BYTES:
        raise PlanError(f"A labels file cannot have {len(content):,} bytes.", advice=_ADVICE)
    try:
        text = content.decode("utf-8-sig").strip()
        if text.startswith(("[", "{", "(")):
            return checked(_from_json(_literal(text)))
        return checked(_from_rows(list(csv.reader(io.StringIO(text)))))
    except (ValueError, SyntaxError, MemoryError, csv.Error, RecursionError) as error:
        raise PlanError("The labels file cannot be read.", advice=_ADVICE) from error


def checked(labels: Sequence[str]) -> tuple[str, ...]:
    """Labels without blanks around them.

    Raises:
        PlanError: fewer than two, one of them twice, or one that is no word.
    """
    plain = tuple(nfc(label.strip()) for label in labels)
    if not 2 <= len(plain) <= MOST_LABELS:
        raise PlanError(
            f"{len(plain)} {'is one label' if len(plain) == 1 else 'labels'}: not enough, or far "
            "too many.",
            advice=_ADVICE,
        )
    for label in plain:
        if not label or len(label) > _LONGEST or not label.isprintable():
            raise PlanError(f"{label[:60]!r} cannot be a label.", advice=_ADVICE)
    if len({label.lower() for label in plain}) != len(plain):
        raise PlanError(f"A label is repeated: {', '.join(plain)}.", advice=_ADVICE)
    return plain


def meaning_of(labels: Sequence[str], leave_out: Sequence[str] = ()) -> Meaning:
    """What labels stand for among the schemes Mien knows; labels of their own otherwise.

    Args:
        labels: in the order of the model's outputs.
        leave_out: those whose numbers are not used.
    Raises:
        PlanError: they cannot be labels, or fewer than two are left.
    """
    written, leave_out = checked(labels), [nfc(label) for label in leave_out]
    if unknown := [label for label in leave_out if label not in written]:
        raise PlanError(
            f"{', '.join(unknown)} cannot be excluded: there is no such label.",
            advice=f"There are: {', '.join(written)}.",
        )
    kept = [place for place, label in enumerate(written) if label not in leave_out]
    if len(kept) < 2:
        raise PlanError("Fewer than two labels are left.", advice="Exclude fewer.")
    words = [written[place] for place in kept]
    left = f" {', '.join(leave_out)} excluded." if leave_out else ""
    for scheme in SCHEMES.values():
        found = [guess(label, scheme) for label in words]
        if sorted(map(str, found)) == sorted(scheme.labels):
            outputs = tuple(kept[found.index(label)] for label in scheme.labels)
            return Meaning(
                scheme,
                () if outputs == tuple(range(len(written))) else outputs,
                f"Its labels are those of {scheme.name}"
                + ("." if list(found) == list(scheme.labels) else ", in another order.")
                + left,
            )
    scheme = _own(words)
    return Meaning(
        scheme,
        tuple(kept) if leave_out else (),
        f"Its labels are: {', '.join(scheme.labels)}.{left}",
    )


def _own(words: Sequence[str]) -> LabelScheme:
    """A scheme that every model with these labels shares; known words are written as Mien does."""
    known = [None if word.isdigit() else guess(word, FER7) for word in words]
    plain = [new or word.lower() for new, word in zip(known, words, strict=True)]
    labels = tuple(plain) if len(set(plain)) == len(plain) else tuple(map(str.lower, words))
    return LabelScheme(f"own-{sha256(chr(10).join(labels).encode()).hexdigest()[:8]}", labels)


def _literal(text: str) -> Any:
    """JSON, or the same as Python writes it: values only, nothing is run."""
    try:
        return json.loads(text)
    except ValueError:
        return ast.literal_eval(text)


def _from_json(read: Any) -> list[str]:
    if isinstance(read, list | tuple) and all(isinstance(one, str) for one in read):
        return list(read)
    if isinstance(read, dict) and read:
        pairs = [(key, value) for key, value in read.items()]
        if all(isinstance(value, str) and _is_number(str(key)) for key, value in pairs):
            return _in_order([(int(key), str(value)) for key, value in pairs])
        if all(type(value) is int for _, value in pairs):
            return _in_order([(int(value), str(key)) for key, value in pairs])
    raise ValueError("neither a list of labels nor numbers with labels")


def _from_rows(rows: list[list[str]]) -> list[str]:
    cells = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    cells = _without_marks([row for row in cells if row])
    if len(cells) < 2:
        return [cell for row in cells for cell in row]
    if all(len(row) == 2 for row in cells):
        return _from_pairs(cells)
    if any(len(row) != 1 for row in cells):
        raise ValueError("neither one nor two columns")
    lines = [row[0] for row in cells]
    numbered = [_NUMBERED.fullmatch(line) for line in lines]
    if all(numbered):
        return _in_order([(int(one[1]), one[2]) for one in numbered if one is not None])
    return lines


def _without_marks(rows: list[list[str]]) -> list[list[str]]:
    """Lines without the marks of a list and its quotes; a YAML list may stand under its key."""
    marked = [_MARKED.fullmatch(row[0]) for row in rows]
    if len(rows) > 2 and rows[0][0].endswith(":") and len(rows[0]) == 1 and all(marked[1:]):
        rows, marked = rows[1:], marked[1:]
    if not rows or not all(marked):
        return rows
    return [[one[1].strip("\"'"), *row[1:]] for one, row in zip(marked, rows, strict=True) if one]


def _from_pairs(rows: list[list[str]]) -> list[str]:
    """Two columns, a number in one of them, perhaps under a heading."""
    if not any(map(_is_number, rows[0])):
        rows = rows[1:]
    for number, label in ((0, 1), (1, 0)):
        if rows and all(_is_number(row[number]) for row in rows):
            return _in_order([(int(row[number]), row[label]) for row in rows])
    raise ValueError("no column of numbers")


def _in_order(pairs: Sequence[tuple[int, str]]) -> list[str]:
    """By their numbers, which count from 0 or from 1 without a gap."""
    ordered = sorted(pairs)
    first = ordered[0][0]
    if first not in {0, 1} or [number for number, _ in ordered] != list(
        range(first, first + len(ordered))
    ):
        raise ValueError("the numbers have gaps")
    return [label for _, label in ordered]


def _is_number(text: str) -> bool:
    return text.isascii() and _NUMBER.fullmatch(text) is not None
