"""Upgrades cards of earlier versions, whose facts were sentences: only this module parses them.

What cannot be parsed is kept as text, and the card says that it is not known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from core.domain.provenance import NOT_KNOWN

DATA_AS_TEXT = (
    "Its training data is described on its card in words only, so pictures it is evaluated on "
    "may be among them."
)
"""A limitation of models whose old card could not be parsed into fields."""

_RECIPE = re.compile(r"(?P<name>.+) \((?P<epochs>[1-9][0-9]*) epochs, seed (?P<seed>[0-9]+)\)")
# The training split has always had this name where a model was trained here.
_DATA = re.compile(
    r"(?P<dataset>.+) (?P<train>Training), (?P<pictures>[0-9,]+) pictures?; "
    r'epoch, temperature and "not sure" threshold chosen on (?P<validation>.+); '
    r"(?P<test>.+) read once; content sha256 (?P<content_hash>[0-9a-f]{64})",
    re.DOTALL,
)
_ELSEWHERE = "trained elsewhere"
_EARLIER_ROLES = {"learns": "train", "chooses": "validation", "judges": "test"}
_UNCALIBRATED = "It is not calibrated: its scores are as it gives them."
_CALIBRATION = re.compile(
    r"Calibrated here on (?P<split>.+?) of (?P<dataset>.+), (?P<pictures>[0-9,]+) pictures?: "
    r"temperature [0-9.]+\.",
    re.DOTALL,
)
_FEW_PICTURES = re.compile(
    r"Few pictures, so wide intervals: .+ \([0-9]+\)\.|"
    r"[A-Z][a-z]+ has few pictures: its figures are uncertain\."
)
_NARROW_PERCENT = re.compile(r"(?<=[0-9])%")
_INPUT_NOTES = (
    *("Scaling guessed", "Scaling measured", "Scaling taken"),
    *("Interpolation measured", "Interpolation taken", "Colours guessed"),
    "Pictures are prepared as a person chose",
)
# Entries of recipes, as these cards named them.
_NUMBERS = (
    *("epochs", "batch_size", "learning_rate", "warm_up", "patience", "stops_after"),
    *("target_accuracy", "weight_decay", "label_smoothing", "ema", "dropout", "frozen"),
    *("tuning_rate", "votes", "teaching", "teaching_temperature"),
)
_TEXTS = (
    *("network", "classes", "sizes_px", "optimiser", "schedule", "balance", "loss"),
    *("begins_with", "teachers_see"),
)
_LISTS = ("teachers",)
_AUGMENTATION = (
    *("flip", "rotation_deg", "scale", "shift", "brightness", "contrast", "erasing", "blur"),
    *("noise", "mixup_alpha", "mixup_share"),
)
_ENTRIES = {
    name.replace("_", " "): name
    # The longest first: "teaching" is a prefix of "teaching temperature".
    for name in sorted((*_NUMBERS, *_TEXTS, *_LISTS, *_AUGMENTATION), key=len, reverse=True)
}


def upgraded(read: Mapping[str, Any]) -> Mapping[str, Any]:
    """A card's JSON values with its facts in fields, under the current names.

    Raises:
        KeyError, TypeError, ValueError: not a card.
    """
    read = _with_spaced_percent(_without_few_pictures(read))
    if "dataset" not in read:
        return _with_current_roles(read)
    moved = {"recipe", "dataset", "changes"}
    unchanged = {key: one for key, one in read.items() if key not in moved}
    data = _data(read["dataset"])
    is_text = data is None and read["dataset"] not in {"", NOT_KNOWN}
    limits = [str(one) for one in read["limits"]]
    if is_text and not read.get("origin"):
        limits.append(DATA_AS_TEXT)
    return {
        **unchanged,
        "recipe": _recipe(read["recipe"], read.get("changes", "")),
        "data": data,
        "data_as_told": read["dataset"] if is_text else "",
        **_limits(limits, is_imported=bool(read.get("origin"))),
    }


def _without_few_pictures(read: Mapping[str, Any]) -> Mapping[str, Any]:
    """The limit on classes with few pictures follows from the card's reports now."""
    others = [one for one in read["limits"] if not _FEW_PICTURES.fullmatch(str(one))]
    return {**read, "limits": others} if len(others) < len(read["limits"]) else read


def _with_spaced_percent(read: Mapping[str, Any]) -> Mapping[str, Any]:
    """Limits that were written as "99.39%" read "99.39 %", as shares do everywhere on screen."""
    spaced = [
        _NARROW_PERCENT.sub(" %", one) if isinstance(one, str) else one for one in read["limits"]
    ]
    return {**read, "limits": spaced} if spaced != list(read["limits"]) else read


def _with_current_roles(read: Mapping[str, Any]) -> Mapping[str, Any]:
    """For a while, cards with fields had other names for what each split is used for."""
    if "data" not in read or read["data"] is None:
        return read
    data = read["data"]
    roles = dict(data["protocol"])
    if not _EARLIER_ROLES.keys() & roles.keys():
        return read
    named = {_EARLIER_ROLES.get(name, name): split for name, split in roles.items()}
    return {**read, "data": {**data, "protocol": named}}


def _data(text: str) -> dict[str, Any] | None:
    found = _DATA.fullmatch(text)
    if found is None:
        return None
    roles = {name: found[name] for name in ("train", "validation", "test")}
    if len(set(roles.values())) != len(roles):
        return None
    return {
        "dataset": found["dataset"],
        "content_hash": found["content_hash"],
        "pictures": int(found["pictures"].replace(",", "")),
        "protocol": roles,
    }


def _recipe(text: str, changes: str) -> dict[str, Any] | None:
    if text in {"", _ELSEWHERE}:
        return None
    found = _RECIPE.fullmatch(text)
    parts: dict[str, Any] = (
        {"name": text}
        if found is None
        else {
            "name": found["name"],
            "epochs": int(found["epochs"]),
            "seed": int(found["seed"]),
        }
    )
    read = _changes(changes)
    return {**parts, **({"changes_as_told": changes} if read is None else {"changes": read})}


def _changes(text: str) -> dict[str, Any] | None:
    """Changes as fields; None where some part cannot be parsed."""
    found: dict[str, Any] = {}
    for part in text.split(", ") if text else ():
        title = next((one for one in _ENTRIES if part.startswith(f"{one} ")), None)
        if title is None:
            return None
        name, value = _ENTRIES[title], part[len(title) + 1 :]
        try:
            parsed = _value(name, value)
        except ValueError:
            return None
        target = found.setdefault("augmentation", {}) if name in _AUGMENTATION else found
        target[name] = parsed
    return found


def _value(name: str, text: str) -> Any:
    if name in _LISTS:
        return [] if text == "none" else text.split(" and ")
    if name in _TEXTS:
        return text
    return int(text) if re.fullmatch(r"-?[0-9]+", text) else float(text)


def _limits(limits: list[str], *, is_imported: bool) -> dict[str, Any]:
    """Of imported models, the limits also contained calibration and preprocessing."""
    if not is_imported:
        return {"limits": limits}
    calibrated = [found for one in limits if (found := _CALIBRATION.fullmatch(one))]
    notes = [one for one in limits if one.startswith(_INPUT_NOTES)]
    moved = {_UNCALIBRATED, *notes, *(one[0] for one in calibrated)}
    last = calibrated[-1] if calibrated else None
    return {
        "limits": [one for one in limits if one not in moved],
        "input_notes": notes,
        "calibration": None
        if last is None
        else {
            "dataset": last["dataset"],
            "split": last["split"],
            "pictures": int(last["pictures"].replace(",", "")),
        },
    }
