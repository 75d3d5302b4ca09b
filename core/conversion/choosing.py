"""What a model's formats come to, in words: how many passed, which is quickest, what runs live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.conversion.formats import FORMATS
from core.library.formats import LIVE_FORMAT, ConvertedFormat
from core.library.live_file import quicker_than_live
from core.vocabulary import ModelCard


@dataclass(frozen=True)
class InShort:
    """A model's formats in two sentences.

    Attributes:
        sentence: how many passed, and the quickest.
        live: which file answers the live pages.
        all_passed: whether none was refused.
    """

    sentence: str
    live: str
    all_passed: bool


def in_short(card: ModelCard, rows: Sequence[ConvertedFormat]) -> InShort:
    """What a model's formats come to.

    Args:
        rows: out of `read_formats`; one or more.
    """
    made = [row for row in rows if row.name != LIVE_FORMAT]
    passed = [row for row in made if row.passed]
    sentence = f"{len(passed)} of {len(made)} formats give the network's answers."
    timed = [(row.speed.one.median_ms, row) for row in passed if row.speed is not None]
    if timed:
        quickest_ms, quickest = min(timed, key=lambda one: one[0])
        sentence = (
            f"{sentence[:-1]}; the quickest is {title_of(quickest)}, with {quickest_ms:.2f} ms a "
            "picture."
        )
    better = quicker_than_live(rows)
    live = f"The live pages use the model's own file, {card.served_by}: none is clearly quicker."
    if better:
        live = f"The live pages use {title_of(better[0])}, where its file is here."
    return InShort(sentence, live, len(passed) == len(made))


def title_of(row: ConvertedFormat) -> str:
    """A row's format for people."""
    if row.name == LIVE_FORMAT:
        return "The file used live"
    return FORMATS[row.name].title if row.name in FORMATS else row.name
