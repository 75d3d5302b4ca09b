"""Rendering HTML templates with autoescaping."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment

_SHARED = Path(__file__).with_name("report_templates")
"""Style and charts of reports: templates of every folder may include them."""


def rendered(folder: Path, template: str, **values: object) -> str:
    """Render a template of this folder with these values."""
    return _environment(folder).get_template(template).render(**values)


@cache
def _environment(folder: Path) -> Environment:
    # Here: whatever stores sessions imports what could make a report of them.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader([folder, _SHARED]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
