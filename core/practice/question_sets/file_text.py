"""The text of a file that a person chose, whatever program wrote it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Sequence

from core.domain.errors import QuestionSetError

MAX_FILE_BYTES = 1_000_000
"""Two hundred of the longest questions and answers take a fifth of it."""

_SAVE_AS = "Save it as a text or CSV file in UTF-8, and choose it again."

_MARKED = (
    # UTF-32 first: its mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
"""Characters that no text file has."""

_WORD = re.compile(rb"[A-Za-z\x80-\xff]+")
_CYRILLIC_SMALL = {*range(0xE0, 0x100), 0xB8, 0xA2, 0xB3, 0xB4, 0xBA, 0xBF}
_CYRILLIC_LETTERS = _CYRILLIC_SMALL | {*range(0xC0, 0xE0), 0xA8, 0xA1, 0xB2, 0xA5, 0xAA, 0xAF}
"""In Windows-1251, those of Belarusian and Ukrainian too."""
_WESTERN_LETTERS = frozenset(range(0xC0, 0x100)) - {0xD7, 0xF7}
_WESTERN = _WESTERN_LETTERS | {
    *(0x80, 0x85, 0x8C, 0x9C, *range(0x91, 0x98)),  # euro, ellipsis, ligatures, quotes, dashes
    *(0xA0, 0xA1, 0xA7, 0xAA, 0xAB, 0xB0, 0xB7, 0xBA, 0xBB, 0xBF),
}
_WESTERN_LANGUAGES = frozenset(
    ("ca", "da", "de", "en", "es", "eu", "fi", "fr", "ga", "gl", "is", "it", "nb", "nl", "nn")
) | {"no", "pt", "sv"}
_IS_SURE = 0.9
"""Share of words that speak for an alphabet: a file that is mostly another's has far fewer."""


def text_of_file(content: bytes, *, language: str) -> str:
    """The text of a file: UTF-8 or UTF-16, with or without a byte-order mark, and of older
    encodings Windows-1251 and Windows-1252, where its words leave no doubt.

    Args:
        language: tag of the language that it is said to be in.
    Raises:
        QuestionSetError: it is no text, too large, or in an encoding that cannot be told.
    """
    if len(content) > MAX_FILE_BYTES:
        raise QuestionSetError(
            f"The file has {len(content) / 1e6:,.1f} MB; a set of questions has at most 1 MB.",
            advice="Choose a text or CSV file with one question a line.",
        )
    text = _decoded(content, language)
    if CONTROL.search(text):
        raise _binary()
    return text


def _decoded(content: bytes, language: str) -> str:
    for mark, name in _MARKED:
        if content.startswith(mark):
            return _as_marked(content, name)
    if b"\0" in content:
        return _utf_16_without_mark(content)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode(_older_encoding(content, language))


def _as_marked(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise QuestionSetError(
            f"The file begins as {encoding.upper()}, and is none at byte {error.start:,}.",
            advice=_SAVE_AS,
        ) from error


def _utf_16_without_mark(content: bytes) -> str:
    """Of text in UTF-16 at least the spaces and line ends have a zero byte, on one side only."""
    zeros_first, zeros_second = content[::2].count(0), content[1::2].count(0)
    if zeros_first and zeros_second:
        raise _binary()
    try:
        return content.decode("utf-16-be" if zeros_first else "utf-16-le")
    except UnicodeDecodeError as error:
        raise _binary() from error


def _binary() -> QuestionSetError:
    return QuestionSetError("The file is not text, but a binary file.", advice=_SAVE_AS)


def _older_encoding(content: bytes, language: str) -> str:
    """The name of an encoding of one byte a letter.

    Raises:
        QuestionSetError: it cannot be told, or it is no text.
    """
    if CONTROL.search(content.decode("latin-1")):
        raise _binary()
    words = [one for one in _WORD.findall(content) if any(byte >= 0x80 for byte in one)]
    if _share(words, _is_cyrillic) >= _IS_SURE:
        return "cp1251"
    is_western = language.lower().partition("-")[0] in _WESTERN_LANGUAGES
    if is_western and _share(words, _is_western) >= _IS_SURE and _decodes(content, "cp1252"):
        return "cp1252"
    raise QuestionSetError(
        "The file's letters are in an encoding that cannot be told for sure.", advice=_SAVE_AS
    )


def _share(words: Sequence[bytes], fits: Callable[[bytes], bool]) -> float:
    return sum(fits(one) for one in words) / max(1, len(words))


def _is_cyrillic(word: bytes) -> bool:
    """Whether a word is Cyrillic in Windows-1251, most letters small: where KOI8-R has small
    letters, it has capitals.
    """
    small = sum(byte in _CYRILLIC_SMALL for byte in word)
    return _CYRILLIC_LETTERS.issuperset(word) and small >= (len(word) - 1) * _IS_SURE


def _is_western(word: bytes) -> bool:
    """Whether a word is Latin, and has few letters with accents."""
    high = [byte for byte in word if byte >= 0x80]
    accented = sum(byte in _WESTERN_LETTERS for byte in high)
    return _WESTERN.issuperset(high) and accented <= max(1, len(word) / 2)


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
