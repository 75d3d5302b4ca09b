"""JSON from disks and people is read by `parse_json`, whose errors are all ValueErrors."""

from __future__ import annotations

import ast

from core.settings import PROJECT_DIR
from tests.contracts.sources import nodes_of

MAY_CALL_LOADS = {
    "core/domain/plain_values.py",
    "core/storage/migrations/versions/version_2.py",  # migrations stay as they were written
}


def _calls_loads(path):
    return any(
        isinstance(node, ast.Attribute)
        and node.attr in {"loads", "load"}
        and isinstance(node.value, ast.Name)
        and node.value.id == "json"
        for node in nodes_of(path)
    )


def test_json_is_read_by_the_function_that_names_all_its_errors():
    found = {
        path.relative_to(PROJECT_DIR).as_posix()
        for path in (PROJECT_DIR / "core").rglob("*.py")
        if _calls_loads(path)
    }
    assert found == MAY_CALL_LOADS
