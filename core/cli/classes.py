"""Commands for classes: list, and delete where nobody has the link any more."""

from __future__ import annotations

from typing import Annotated

import typer

from core.classroom import classrooms, delete_classroom, learners_of, withdraw
from core.cli.common import exit_on_error, say, settings
from core.domain.counted import counted
from core.domain.errors import UnknownLearner
from core.sessions import SessionStore

classes_app = typer.Typer(help="Classes: list, delete one or what a learner of it shared.")

ClassId = Annotated[str, typer.Argument(metavar="CLASS", help="Id of a class.")]


@classes_app.callback(invoke_without_command=True)
def classes(context: typer.Context) -> None:
    """List the classes, newest first."""
    if context.invoked_subcommand is None:
        classes_list()


@classes_app.command("list")
def classes_list() -> None:
    """List the classes, newest first: id, opened, open or closed, learners, title."""
    with exit_on_error(), SessionStore.open(settings().database_url) as store:
        for one in classrooms(store):
            state = "open" if one.is_open else "closed"
            learners = counted(len(learners_of(store, one.id)), "learner")
            opened = f"{one.opened_at:%Y-%m-%d %H:%M}"
            say(f"{one.id}  {opened}  {state:<6}  {learners:>12}  {one.title}")


@classes_app.command("learners")
def classes_learners(classroom: ClassId) -> None:
    """List the learners of a class: number, when they agreed, name."""
    with exit_on_error(), SessionStore.open(settings().database_url) as store:
        for one in learners_of(store, classroom):
            say(f"{one.number:>4}  {one.consent_at:%Y-%m-%d %H:%M}  {one.name}")


@classes_app.command("delete")
def classes_delete(
    classroom: ClassId,
    learner: Annotated[
        int, typer.Option(help="Only what the learner of this number shared and said.")
    ] = 0,
) -> None:
    """Delete a class with everything in it, or one learner of it."""
    with exit_on_error(), SessionStore.open(settings().database_url) as store:
        if not learner:
            delete_classroom(store, classroom)
            return
        for one in learners_of(store, classroom):
            if one.number == learner:
                withdraw(store, one.id)
                return
        raise UnknownLearner(
            f"The class {classroom} has no learner {learner}.",
            advice=f"See: python -m core classes learners {classroom}",
        )
