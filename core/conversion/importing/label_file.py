"""Reads a labels file and maps an imported model's outputs to a label scheme."""

from __future__ import annotations

import ast
import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from core.datasets.labels import guess
from core.domain import FER7, SCHEMES, LabelScheme
from core.domain.errors import PlanError
from core.domain.plain_values import parse_json
from core.domain.wording import nfc

MAX_BYTES = 64 * 1024
MAX_LABELS = 100
_MAX_LABEL_LENGTH = 40
# The one line of advice for whatever is wrong with a labels file.
_ADVICE = (
    "Write one label on each line, in the order of the model's outputs: angry, disgust, ...; or "
    'as JSON: ["angry", "disgust"] or {"0": "angry", "1": "disgust"}.'
)
_NUMBER = re.compile(r"\d{1,3}")
_LIST_ITEM = re.compile(r"[-*+\u2022]\s+(?:\[[ xX]\]\s+)?(\S.*)")  # Markdown, YAML
_NUMBERED = re.compile(r"(\d{1,3})[\s.:;,)_-]+(\S.*)")  # Teachable Machine writes "0 happy"

ORDERS: Mapping[str, tuple[str, ...]] = {
    "FER2013 order": FER7.labels,
    "Alphabetical, as Keras reads folders": tuple(sorted(FER7.labels)),
}
"""The usual orders of models of seven expressions; the file does not say which one it has."""


@dataclass(frozen=True)
class OutputLabels:
    """The classes of a model's outputs.

    Attributes:
        scheme: the labels Mien works with.
        outputs: the output of each label; empty where they are in the scheme's order.
        sentence: how the labels of the file were understood.
    """

    scheme: LabelScheme
    outputs: tuple[int, ...]
    sentence: str


def read_labels(content: bytes) -> tuple[str, ...]:
    """The labels of a file in the order of a model's outputs; see `checked` for valid ones.

    Supported are one label per line, with or without a number or a list mark of Markdown or YAML;
    the same in one line with commas; CSV with a column of numbers; lists, and objects of numbers
    to labels or the reverse, in JSON or Python syntax.

    Raises:
        PlanError: the file has none of these forms.
    """
    if len(content) > MAX_BYTES:
        raise PlanError(f"A labels file cannot have {len(content):,} bytes.", advice=_ADVICE)
    try:
        text = content.decode("utf-8-sig").strip()
        if text.startswith(("[", "{", "(")):
            return checked(_from_json(_literal(text)))
        return checked(_from_rows(list(csv.reader(io.StringIO(text)))))
    except (ValueError, SyntaxError, MemoryError, csv.Error, RecursionError) as error:
        raise PlanError("The labels file cannot be read.", advice=_ADVICE) from error


def checked(labels: Sequence[str]) -> tuple[str, ...]:
    """Validated labels, without blanks around them.

    Raises:
        PlanError: fewer than two, a repeated one, or one that cannot be a label.
    """
    plain = tuple(nfc(label.strip()) for label in labels)
    if not 2 <= len(plain) <= MAX_LABELS:
        raise PlanError(
            f"{len(plain)} {'is one label' if len(plain) == 1 else 'labels'}: not enough, or far "
            "too many.",
            advice=_ADVICE,
        )
    for label in plain:
        if not label or len(label) > _MAX_LABEL_LENGTH or not label.isprintable():
            raise PlanError(f"{label[:60]!r} cannot be a label.", advice=_ADVICE)
    if len({label.lower() for label in plain}) != len(plain):
        raise PlanError(f"A label is repeated: {', '.join(plain)}.", advice=_ADVICE)
    return plain


def output_labels(labels: Sequence[str], leave_out: Sequence[str] = ()) -> OutputLabels:
    """Map labels to a known scheme, or to a custom one where none fits.

    Args:
        labels: in the order of the model's outputs.
        leave_out: labels whose outputs are not used.
    Raises:
        PlanError: they cannot be labels, or fewer than two are left.
    """
    written, leave_out = checked(labels), [nfc(label) for label in leave_out]
    if unknown := [label for label in leave_out if label not in written]:
        raise PlanError(
            f"{', '.join(unknown)} cannot be excluded: there is no such label.",
            advice=f"There are: {', '.join(written)}.",
        )
    used = [index for index, label in enumerate(written) if label not in leave_out]
    if len(used) < 2:
        raise PlanError("Fewer than two labels are left.", advice="Exclude fewer.")
    names = [written[index] for index in used]
    left = f" {', '.join(leave_out)} excluded." if leave_out else ""
    for scheme in SCHEMES.values():
        found = [guess(label, scheme) for label in names]
        if sorted(map(str, found)) == sorted(scheme.labels):
            outputs = tuple(used[found.index(label)] for label in scheme.labels)
            return OutputLabels(
                scheme,
                () if outputs == tuple(range(len(written))) else outputs,
                f"Its labels are those of {scheme.name}"
                + ("." if list(found) == list(scheme.labels) else ", in another order.")
                + left,
            )
    scheme = _custom_scheme(names)
    return OutputLabels(
        scheme,
        tuple(used) if leave_out else (),
        f"Its labels are: {', '.join(scheme.labels)}.{left}",
    )


def _custom_scheme(names: Sequence[str]) -> LabelScheme:
    """A scheme shared by every model with these labels; known labels get Mien's spelling."""
    known = [None if name.isdigit() else guess(name, FER7) for name in names]
    plain = [new or name.lower() for new, name in zip(known, names, strict=True)]
    labels = tuple(plain) if len(set(plain)) == len(plain) else tuple(map(str.lower, names))
    return LabelScheme(f"own-{sha256(chr(10).join(labels).encode()).hexdigest()[:8]}", labels)


def _literal(text: str) -> Any:
    """JSON, or a Python literal: nothing is executed."""
    try:
        return parse_json(text)
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
    cells = _without_list_marks([row for row in cells if row])
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


def _without_list_marks(rows: list[list[str]]) -> list[list[str]]:
    """Lines without list marks and quotes; a YAML list may stand under its key."""
    marked = [_LIST_ITEM.fullmatch(row[0]) for row in rows]
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
    """Sorted by their numbers, which count from 0 or from 1 without a gap."""
    ordered = sorted(pairs)
    first = ordered[0][0]
    if first not in {0, 1} or [number for number, _ in ordered] != list(
        range(first, first + len(ordered))
    ):
        raise ValueError("the numbers have gaps")
    return [label for _, label in ordered]


def _is_number(text: str) -> bool:
    return text.isascii() and _NUMBER.fullmatch(text) is not None
