"""A person's note and tags on a run, stored in its folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.domain.errors import RunError
from core.domain.plain_values import parse_json, to_plain
from core.jobs.run_folder.folder import RunFolder, find
from core.storage.atomic import write_atomic
from core.storage.file_lock import file_lock

LONGEST_NOTE, LONGEST_TAG, MOST_TAGS = 2000, 40, 20


@dataclass(frozen=True)
class Notes:
    """The note and tags of a run.

    Attributes:
        note: a few sentences; empty if there are none.
        tags: short words to find it by, in the order they were given.
    """

    note: str = ""
    tags: tuple[str, ...] = ()


def annotate(
    runs_dir: Path,
    run_id: str,
    *,
    note: str | None = None,
    tags: Sequence[str] | None = None,
) -> Notes:
    """Write a note or tags on a run, over or not; returns what is stored then.

    Args:
        note: in place of what was there; None leaves it, "" removes it.
        tags: likewise; spaces around them, empty ones and repeated ones are left out.
    Raises:
        UnknownRun: there is none of that name.
        RunError: the note or a tag is too long, or the disk refused.
    """
    folder = find(runs_dir, run_id)
    if note is None and tags is None:
        return read_notes(folder)
    new_note = None if note is None else _checked_note(note)
    new_tags = None if tags is None else _checked_tags(tags)
    try:
        with file_lock(folder.path):
            before = read_notes(folder)
            notes = Notes(
                before.note if new_note is None else new_note,
                before.tags if new_tags is None else new_tags,
            )
            write_atomic(folder.notes, json.dumps(to_plain(notes), indent=1))
    except OSError as error:
        raise RunError(
            f"The note on {run_id} cannot be kept: {error.strerror or error}.",
            advice=f"Check that {folder.path} can be written and has free space.",
        ) from error
    return notes


def read_notes(folder: RunFolder) -> Notes:
    """The note and tags of a run; of a damaged file, what can be read."""
    try:
        read = parse_json(folder.notes.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return Notes()
    if not isinstance(read, dict):
        return Notes()
    note, tags = read.get("note"), read.get("tags")
    return Notes(
        note if isinstance(note, str) else "",
        tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
    )


def _checked_note(note: str) -> str:
    plain = _plain(note).strip()
    if len(plain) > LONGEST_NOTE:
        raise RunError(
            f"The note has {len(plain):,} characters.",
            advice=f"Write at most {LONGEST_NOTE:,}.",
        )
    return plain


def _checked_tags(tags: Sequence[str]) -> tuple[str, ...]:
    plain = dict.fromkeys(" ".join(_plain(tag).split()) for tag in tags)
    plain.pop("", None)
    if len(plain) > MOST_TAGS:
        raise RunError(f"There are {len(plain)} tags.", advice=f"Give at most {MOST_TAGS}.")
    for tag in plain:
        if len(tag) > LONGEST_TAG:
            raise RunError(
                f"The tag {tag[:LONGEST_TAG]!r} goes on: it has {len(tag):,} characters.",
                advice=f"Keep each within {LONGEST_TAG}.",
            )
    return tuple(plain)


def _plain(text: str) -> str:
    """Without lone surrogates, as a terminal may pass them: they cannot be printed."""
    return text.encode("utf-8", errors="replace").decode("utf-8")
