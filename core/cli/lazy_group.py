"""A group of commands whose modules are imported when one of them is asked for.

`--help` lists all commands, and must not import what each of them needs (pandas, SciPy): that takes
seconds. So their first lines of help stand in the table, and a test compares them with their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, ClassVar

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group


@dataclass(frozen=True)
class LazyCommand:
    """Where a command is.

    Attributes:
        target: `module:name` of a function, or of a `typer.Typer` with commands of its own.
        help: the first line of its help.
        hidden: whether it is left out of the list: an earlier name.
    """

    target: str
    help: str
    hidden: bool = False

    @property
    def module(self) -> str:
        """Name of the module it is in."""
        return self.target.partition(":")[0]

    def load(self, name: str) -> Any:
        """The command itself, under this name; imports its module."""
        found = getattr(import_module(self.module), self.target.partition(":")[2])
        if isinstance(found, typer.Typer):
            command: Any = get_group(found)
            command.name = name
            return command
        single = typer.Typer(add_completion=False)
        single.command(name)(found)
        return get_command(single)


class LazyGroup(TyperGroup):
    """Lists stubs, and resolves a name to the command itself. Subclasses define the table."""

    table: ClassVar[Mapping[str, LazyCommand]] = {}
    """Name -> where the command is, in the order of the list."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        for name, one in self.table.items():
            self.add_command(TyperCommand(name, help=one.help, hidden=one.hidden))

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command that was typed, imported now."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command if name is None else self.table[name].load(name), rest
