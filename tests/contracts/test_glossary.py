"""The words that are Mien's own stand in the glossary, and each is really used on screen."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.settings import PROJECT_DIR

GLOSSARY = PROJECT_DIR / "docs" / "glossary.md"
ROW = re.compile(r"^\| (?P<term>[^|]+?) \| (?P<meaning>[^|]+?) \|$", re.MULTILINE)
TERMS = {
    found["term"]: found["meaning"]
    for found in ROW.finditer(GLOSSARY.read_text(encoding="utf-8"))
    if found["term"] != "word"
}


def texts_in(path: Path) -> Iterator[str]:
    """String literals of a module that are not docstrings and are more than one name or key."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            is_shown = " " in node.value or node.value[:1].isupper()
            if is_shown and id(node) not in docstrings:
                yield node.value


@pytest.fixture(scope="module")
def on_screen() -> str:
    paths = [*(PROJECT_DIR / "pages").rglob("*.py"), *(PROJECT_DIR / "core").rglob("*.py")]
    return "\n".join(text for path in paths for text in texts_in(path)).casefold()


def test_a_term_stands_once_with_one_sentence_that_says_what_it_means():
    rows = [found["term"] for found in ROW.finditer(GLOSSARY.read_text(encoding="utf-8"))]
    assert len(rows) == len(set(rows))
    assert TERMS
    assert all(meaning.endswith(".") for meaning in TERMS.values())


@pytest.mark.parametrize("term", sorted(TERMS))
def test_a_term_of_the_glossary_is_used_on_screen(term, on_screen):
    """Behind a term may stand, in brackets, the label of the control that asks for it."""
    for one in re.findall(r"[^()]*[^() ]", term):
        assert re.search(rf"\b{re.escape(one.casefold())}", on_screen), one


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_the_glossary_is_linked_where_people_begin(document):
    assert "(docs/glossary.md)" in (PROJECT_DIR / document).read_text(encoding="utf-8")
