"""Sets of questions from what people type, paste, or keep in a file.

Typed text has one question a line; what a good answer shows may follow after " | " or a tab. A
comma or a semicolon is part of the question. A CSV file has one question a row, and what a good
answer shows in its second column; its first line may be the header `question,good_answer`.
Commas, semicolons and tabs may separate the columns.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from core.domain.counted import counted
from core.domain.errors import QuestionSetError
from core.domain.question_set import (
    MAX_QUESTION_LENGTH,
    MAX_QUESTIONS,
    MAX_SET_NAME_LENGTH,
    Question,
    QuestionSet,
)
from core.practice.question_sets.file_text import CONTROL, text_of_file
from core.storage.csv_injection import neutralise_formula, original

COLUMNS = ("question", "good_answer")
"""The header of a CSV file of questions."""

_BAR = " | "
_DELIMITERS = "\t;,"
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_UNSEEN = {"Cf", "Cc"}
_LINE_END = re.compile("\r\n|\r|\n")


class _Row(NamedTuple):
    """A line with its number, counted from 1."""

    line: int
    cells: Sequence[str]


def parse_questions(content: str | bytes, *, name: str, language: str) -> QuestionSet:
    """A set of questions from typed lines or from a file.

    Args:
        content: what was typed or pasted, or a file's bytes; see the module for its form.
        name: of the set.
        language: tag of its language, such as "en" or "pt-BR".
    Raises:
        QuestionSetError: there is no question, or one that cannot be used; says on which line.
    """
    own_name = _expect_name(name)
    if not _LANGUAGE.fullmatch(language):
        raise QuestionSetError(
            f"{language!r} is no language's tag.", advice='Give one such as "en" or "pt-BR".'
        )
    if isinstance(content, bytes):
        text, is_file = text_of_file(content, language=language), True
    else:
        text, is_file = content, False
    text = CONTROL.sub(" ", text.removeprefix("\ufeff"))  # Word has its own line ends
    questions = [
        _question(row)
        for row in _rows(text, is_file=is_file)
        if any(_shows(cell) for cell in row.cells)
    ]
    if not questions:
        raise QuestionSetError(
            "There is no question in it.", advice="Write one question on each line."
        )
    if len(questions) > MAX_QUESTIONS:
        raise QuestionSetError(
            f"There are {counted(len(questions), 'question')}; a set has at most {MAX_QUESTIONS}.",
            advice="Divide them into several sets.",
        )
    return QuestionSet(own_name, language, tuple(questions))


def questions_csv(question_set: QuestionSet) -> bytes:
    """A set as the CSV file that people share: UTF-8 with a byte-order mark, for Excel; cells that
    a spreadsheet would run as a formula begin with an apostrophe, which `parse_questions` removes.
    """
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    for one in question_set.questions:
        writer.writerow([neutralise_formula(cell) for cell in (one.text, one.good_answer)])
    return written.getvalue().encode("utf-8-sig", errors="replace")


def questions_text(question_set: QuestionSet) -> str:
    """A set as it would be typed, so that it can be changed: lines where they say the same, and
    otherwise, such as for a question with a line end or a bar in it, the CSV file's text.
    """
    lines = [
        f"{one.text}{_BAR}{one.good_answer}" if one.good_answer else one.text
        for one in question_set.questions
    ]
    text = "\n".join(lines)
    with suppress(QuestionSetError):
        if parse_questions(text, name=question_set.name, language="en").questions == (
            question_set.questions
        ):
            return text
    return questions_csv(question_set).decode("utf-8-sig")


def _expect_name(name: str) -> str:
    """The name on one line."""
    own = " ".join(name.split())
    if not 1 <= len(own) <= MAX_SET_NAME_LENGTH:
        raise QuestionSetError(
            f"The name of a set has 1 to {MAX_SET_NAME_LENGTH} characters, this one has "
            f"{len(own):,}.",
            advice="Give it another name.",
        )
    return own


def _shows(text: str) -> bool:
    """Whether anything of a text can be seen: not where it has only spaces, also of no width."""
    return any(unicodedata.category(one) not in _UNSEEN and not one.isspace() for one in text)


def _question(row: _Row) -> Question:
    text, good_answer = (cell.strip() for cell in (*row.cells, "")[:2])
    if not _shows(text):
        raise QuestionSetError(
            f"Line {row.line} has no question, only what a good answer shows.",
            advice="Write the question, or delete the line.",
        )
    for what, words in (("a question", text), ("what a good answer shows", good_answer)):
        if len(words) > MAX_QUESTION_LENGTH:
            raise QuestionSetError(
                f"Line {row.line} has {len(words):,} characters; {what} has at most "
                f"{MAX_QUESTION_LENGTH}.",
                advice="Shorten it: a question is read in seconds.",
            )
    return Question(text, good_answer)


def _rows(text: str, *, is_file: bool) -> list[_Row]:
    first_line = _LINE_END.split(text.lstrip(), maxsplit=1)[0]
    for delimiter in _DELIMITERS:
        if _is_header(_cells_of(first_line, delimiter)):
            return _below_header(_csv_rows(text, delimiter))
    typed = [_typed(number, line) for number, line in enumerate(_LINE_END.split(text), start=1)]
    return _without_header(text) or typed if is_file else typed


def _cells_of(line: str, delimiter: str) -> list[str]:
    """Cells of a line; none of one that is too long to be a header."""
    if len(line) > csv.field_size_limit():
        return []
    return next(csv.reader([line], delimiter=delimiter), [])


def _typed(number: int, line: str) -> _Row:
    return _Row(number, re.split(rf"\t|{re.escape(_BAR)}", line, maxsplit=1))


def _is_header(cells: Sequence[str]) -> bool:
    return tuple(_column_name(one) for one in cells) in {COLUMNS, COLUMNS[:1], COLUMNS[::-1]}


def _column_name(cell: str) -> str:
    return cell.strip().casefold().replace(" ", "_")


def _below_header(rows: Sequence[_Row]) -> list[_Row]:
    """Rows with the question first, whatever the order of the columns."""
    header, *others = [row for row in rows if any(cell.strip() for cell in row.cells)]
    columns = len(header.cells)
    order = -1 if _column_name(header.cells[0]) != COLUMNS[0] else 1
    found = []
    for row in others:
        if any(cell.strip() for cell in row.cells[columns:]):
            raise QuestionSetError(
                f"Line {row.line} has {counted(len(row.cells), 'column')}, the first line has "
                f"{columns}.",
                advice="Put a text that has a comma or semicolon into quotation marks.",
            )
        cells = [*row.cells[:columns], *[""] * (columns - len(row.cells))]
        found.append(_Row(row.line, [_as_typed(cell) for cell in cells[::order]]))
    return found


def _as_typed(cell: str) -> str:
    """Without the apostrophe of `neutralise_formula`."""
    text = original(cell)
    return text if cell != text and neutralise_formula(text) == cell else cell


def _without_header(text: str) -> list[_Row] | None:
    """Rows of a CSV file without a header; None for one that has a question on each line, in which
    commas and semicolons are parts of sentences: after those is a space.
    """
    found: dict[int, list[_Row]] = {}
    for delimiter in _DELIMITERS:
        try:
            rows = _csv_rows(text, delimiter)
        except QuestionSetError:
            continue
        filled = [row for row in rows if any(cell.strip() for cell in row.cells)]
        if all(_may_be_columns(row.cells) for row in filled):
            found.setdefault(sum(len(row.cells) for row in filled), filled)
    if not found:
        return None
    return [_Row(row.line, [_as_typed(cell) for cell in row.cells]) for row in found[max(found)]]


def _may_be_columns(cells: Sequence[str]) -> bool:
    return len(cells) == 1 or (len(cells) == 2 and not cells[1].startswith(" "))


def _csv_rows(text: str, delimiter: str) -> list[_Row]:
    """Raises QuestionSetError: a quotation mark is not closed."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows, line = [], 1
    try:
        for cells in reader:
            rows.append(_Row(line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        if str(error).startswith("field larger"):  # csv has no class of its own for it
            raise QuestionSetError(
                f"Line {line} has a text of more than {csv.field_size_limit():,} characters.",
                advice=f"A question has at most {MAX_QUESTION_LENGTH}.",
            ) from error
        raise QuestionSetError(
            f"Line {line} has a quotation mark that is not closed, or text after one.",
            advice="Close it, or write the quotation marks of a text twice.",
        ) from error
    return rows
