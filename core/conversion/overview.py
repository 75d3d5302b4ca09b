"""Summarises a model's formats: how many passed, the fastest one, and the one used live."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.conversion.formats import FORMATS
from core.domain import ModelCard
from core.models import LIVE_FORMAT, ConvertedFormat, faster_than_live


@dataclass(frozen=True)
class FormatSummary:
    """A summary of a model's formats.

    Attributes:
        sentence: how many passed, and the fastest.
        live: which file the live pages use.
        all_passed: whether none was refused.
    """

    sentence: str
    live: str
    all_passed: bool


def summarise_formats(card: ModelCard, rows: Sequence[ConvertedFormat]) -> FormatSummary:
    """Summarise a model's formats.

    Args:
        rows: out of `read_formats`; one or more.
    """
    made = [row for row in rows if row.name != LIVE_FORMAT]
    passed = by_latency(made)
    sentence = f"{len(passed)} of {len(made)} formats match the network's predictions."
    if passed and passed[0].speed is not None:
        sentence = (
            f"{sentence[:-1]}; the fastest is {title_of(passed[0])}, with "
            f"{passed[0].speed.one.median_ms:.2f} ms per picture."
        )
    better = faster_than_live(rows)
    live = f"Live camera uses the model's own file, {card.served_by}: no format is clearly faster."
    if better:
        live = f"Live camera uses {title_of(better[0])} if its file is on this machine."
    return FormatSummary(sentence, live, len(passed) == len(made))


def by_latency(rows: Sequence[ConvertedFormat]) -> list[ConvertedFormat]:
    """The formats that passed, by their latency for one picture."""

    def latency(row: ConvertedFormat) -> float:
        return math.inf if row.speed is None else row.speed.one.median_ms

    return sorted((row for row in rows if row.passed), key=latency)


def downloadable(rows: Sequence[ConvertedFormat]) -> list[ConvertedFormat]:
    """Every file that passed, once, fastest first."""
    passed = by_latency(rows)
    named = {row.sha256 for row in passed if row.name != LIVE_FORMAT}
    return [row for row in passed if row.name != LIVE_FORMAT or row.sha256 not in named]


def measured_on(rows: Sequence[ConvertedFormat]) -> list[str]:
    """Where the speeds were measured: a sentence for each machine, with how busy it was."""
    speeds = [row.speed for row in rows if row.speed is not None]
    found = []
    for machine in dict.fromkeys(speed.machine for speed in speeds):
        of_machine = [speed.load_average for speed in speeds if speed.machine == machine]
        known = sorted(load for load in of_machine if load >= 0)  # below 0: not available
        ends = dict.fromkeys(f"{load:.1f}" for load in known[:1] + known[-1:])
        busy = f"; load average {' to '.join(ends)}" if ends else ""
        found.append(f"Measured with one thread on {machine}{busy}.")
    return found


def good_for(row: ConvertedFormat) -> str:
    """The use case of a row's format, in one sentence."""
    known = FORMATS.get(row.name)
    return "The model's original file." if known is None else known.good_for


def title_of(row: ConvertedFormat) -> str:
    """The display name of a row's format."""
    if row.name == LIVE_FORMAT:
        return "File used live"
    return FORMATS[row.name].title if row.name in FORMATS else row.name
