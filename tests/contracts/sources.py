"""Files of the project as contracts read them: each is read, parsed and walked once a process."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import TypeVar

from core.settings import PROJECT_DIR

_Found = TypeVar("_Found")


@cache
def text_of(path: Path) -> str:
    """What is written in it."""
    return path.read_text(encoding="utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    """A file of Python, parsed; nobody changes it."""
    return ast.parse(text_of(path))


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """Every node of a file of Python, in the order of `ast.walk`."""
    return tuple(ast.walk(tree_of(path)))


def found_in(
    paths: Iterable[Path], look: Callable[[Path], Iterable[_Found]]
) -> dict[str, list[_Found]]:
    """What `look` finds in each file, by its name in the project; files without are left out.

    One test looks through all files: a test a file is thousands, and each costs more than its look.
    """
    looked = {str(path.relative_to(PROJECT_DIR)): list(look(path)) for path in paths}
    assert looked, "there is no file to look through"
    return {name: found for name, found in looked.items() if found}
