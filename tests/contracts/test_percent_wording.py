"""A share in percent is worded in one place: "68.7 %" and "7 %", never "68.7%"."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from itertools import pairwise

import pytest

from core.settings import PROJECT_DIR

_PERCENT_FORMAT = re.compile(r"[<>^+]?\d*\.\d%")
THE_PLACE = "core/domain/counted.py"


def _words_percent(source: str) -> list[int]:
    """Lines of the f-strings that multiply by a hundred and write "%"."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.JoinedStr)
        and any(_is_times_100(one) and _is_percent(after) for one, after in pairwise(node.values))
    ]


def _formats_percent(source: str) -> list[int]:
    """Lines that write a share by the format "%", which puts no space before the sign."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and _PERCENT_FORMAT.fullmatch(str(node.value))
    ]


def _is_times_100(part: ast.expr) -> bool:
    if not isinstance(part, ast.FormattedValue) or part.format_spec is None:
        return False
    value = part.value
    return (
        re.fullmatch(r"f'\.[012]f'", ast.unparse(part.format_spec)) is not None
        and isinstance(value, ast.BinOp)
        and isinstance(value.op, ast.Mult)
        and "100" in {ast.unparse(value.left), ast.unparse(value.right)}
    )


def _is_percent(part: ast.expr) -> bool:
    return isinstance(part, ast.Constant) and str(part.value).lstrip().startswith("%")


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ('f"{share * 100:.1f} % of them"', [1]),
        ('f"{100 * share:.1f}\\u00a0%"', [1]),
        ('f"Right: {one.value * 100:.1f}" " %"', [1]),
        ('f"{gain * 100:.1f} points"', []),
        ('f"{share * 100:.2f} %"', [1]),
        ('f"{100 * share:.0f} %"', [1]),
        ('f"{tenths(share)} of them"', []),
    ],
)
def test_percent_worded_by_hand_is_seen(source: str, lines: list[int]) -> None:
    assert _words_percent(source) == lines


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ('f"{share:.1%} of them"', [1]),
        ('f"{share:>6.1%}"', [1]),
        ("interval_ends(low, high, '.1%')", [1]),
        ('f"{tenths(share):>7}"', []),
        ('f"{now:%Y-%m-%d}"', []),
    ],
)
def test_a_format_without_a_space_before_its_sign_is_seen(source: str, lines: list[int]) -> None:
    assert _formats_percent(source) == lines


def _found_by(words: Callable[[str], list[int]]) -> list[str]:
    return [
        f"{path.relative_to(PROJECT_DIR)}:{line}"
        for folder in ("core", "pages", "scripts", "benchmarks")
        for path in sorted((PROJECT_DIR / folder).rglob("*.py"))
        if path.relative_to(PROJECT_DIR).as_posix() != THE_PLACE
        for line in words(path.read_text(encoding="utf-8"))
    ]


def test_nobody_words_percent_by_hand() -> None:
    assert _found_by(_words_percent) == []


def test_nobody_writes_percent_without_a_space() -> None:
    assert _found_by(_formats_percent) == []
