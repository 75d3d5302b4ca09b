"""What is searched of one value: numbers between two ends, or one of several values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from core.domain.errors import PlanError
from core.training import RECIPES, Recipe
from core.training.recipes import EARLIER_NETWORKS, to_plain

Value = float | int | str
"""What a recipe's entry may be set to by a sweep."""

_FIXED = (
    *("name", "title", "good_for", "comes_from", "reported", "claims"),
    *("classes", "levels_of", "epochs", "sizes_px", "teachers", "begins_with"),
)
_WHOLE = {one.name for one in fields(Recipe) if one.type == "int"}
_LOG = ":log"
_HOW = "Write it as low..high, low..high:log, or one,two,three."


@dataclass(frozen=True)
class Between:
    """Numbers from `low` to `high`, both included.

    Attributes:
        log: whether each tenfold is as likely as the next.
        whole: whether only whole numbers count.
    """

    low: float
    high: float
    log: bool = False
    whole: bool = False

    @property
    def ends(self) -> tuple[Value, ...]:
        """The extremes; what lies between them makes sense if they do."""
        return (int(self.low), int(self.high)) if self.whole else (self.low, self.high)

    def __str__(self) -> str:
        return f"{self.low:g}..{self.high:g}{_LOG if self.log else ''}"


@dataclass(frozen=True)
class OneOf:
    """One of these values, in no order."""

    values: tuple[Value, ...]

    @property
    def ends(self) -> tuple[Value, ...]:
        """All of them."""
        return self.values

    def __str__(self) -> str:
        return ",".join(f"{one:g}" if isinstance(one, float) else str(one) for one in self.values)


Range = Between | OneOf


def values_of(recipe: Recipe) -> dict[str, Value]:
    """Every value of a recipe that can be searched, by name: `dropout`, `augmentation.flip`."""
    plain = to_plain(recipe)
    inner = {f"augmentation.{name}": value for name, value in plain.pop("augmentation").items()}
    found = {name: value for name, value in plain.items() if name not in _FIXED} | inner
    # A file may say 15 where 15.5 makes sense too.
    return {
        name: float(value) if isinstance(value, int) and name not in _WHOLE else value
        for name, value in found.items()
    }


def as_options(values: Mapping[str, Value]) -> dict[str, Any]:
    """Values by name as a plan's options: `augmentation.flip` stands in a table of its own."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        room, _, inner = name.rpartition(".")
        (found.setdefault(room, {}) if room else found)[inner] = value
    return found


def range_from(written: str, name: str, recipe: Recipe) -> Range:
    """What people write, `1e-4..1e-2:log` or `0.1,0.3,0.5`, as a range of one value of a recipe.

    Raises:
        PlanError: no such value, not written as a range, or a recipe could not use it.
    """
    known = values_of(recipe)
    if name not in known:
        raise PlanError(
            f"{name!r} cannot be searched.", advice=f"Choose among: {', '.join(known)}."
        )
    text = written.strip()
    found = _between(text, name, known[name]) if ".." in text else _one_of(text, name, known[name])
    for end in found.ends:
        recipe.changed(as_options({name: end}))
    return found


def _between(text: str, name: str, now: Value) -> Between:
    if isinstance(now, str):
        raise PlanError(
            f"{name} is a word, and {text!r} are numbers.", advice="Write words as one,two,three."
        )
    log, whole = text.endswith(_LOG), isinstance(now, int)
    low, high = (_number(end, name, now) for end in text.removesuffix(_LOG).split("..", 1))
    if not low < high or (log and low <= 0):
        raise PlanError(
            f"{name}: {text!r} is no range.",
            advice="Give a low end, then a higher one; a logarithm needs both above zero.",
        )
    return Between(low, high, log=log, whole=whole)


def _one_of(text: str, name: str, now: Value) -> OneOf:
    words = [word.strip() for word in text.split(",") if word.strip()]
    found = words if isinstance(now, str) else [_number(word, name, now) for word in words]
    if len(set(found)) < 2:
        raise PlanError(f"{name}: {text!r} leaves nothing to search.", advice=_HOW)
    networks = {recipe.network for recipe in RECIPES.values()}
    unknown = set(words) - networks - set(EARLIER_NETWORKS)
    if name == "network" and unknown:
        raise PlanError(
            f"There is no network {', '.join(sorted(unknown))}.",
            advice=f"There are: {', '.join(sorted(networks))}.",
        )
    return OneOf(tuple(dict.fromkeys(found)))


def _number(text: str, name: str, now: Value) -> float | int:
    try:
        return int(text) if isinstance(now, int) else float(text)
    except ValueError:
        kind = "whole number" if isinstance(now, int) else "number"
        raise PlanError(f"{name}: {text.strip()!r} is no {kind}.", advice=_HOW) from None
