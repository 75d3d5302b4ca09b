"""A folder or an archive as files by name: read in place, never unpacked."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol

from core.datasets.readers.archive_files import Archive, TarArchive
from core.datasets.readers.file_kinds import ZIP_START, expect_readable, head_of, is_tar
from core.datasets.readers.tree_names import (
    FileStamp,
    expect_file_count,
    fingerprint_of,
    is_hidden,
    with_slashes,
)
from core.domain.counted import counted
from core.domain.errors import UnknownDataset, UnreadableDataset
from core.storage.corrupt_data import printable


class Tree(Protocol):
    """Files by name, names with slashes."""

    @property
    def title(self) -> str:
        """Its name, for messages."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """Every file in a stable order; hidden files are left out."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about what was skipped."""
        ...

    def open(self, name: str) -> IO[bytes]:
        """Open a file for reading."""
        ...

    def fingerprint(self) -> str:
        """Changes when any content changes; hexadecimal."""
        ...


@dataclass(frozen=True)
class SingleFile:
    """One file as a tree.

    Attributes:
        path: of the file.
    """

    path: Path

    @property
    def title(self) -> str:
        """Its name."""
        return printable(self.path.name)

    @property
    def names(self) -> tuple[str, ...]:
        """Its name alone."""
        return (self.path.name,)

    @property
    def notes(self) -> tuple[str, ...]:
        """Nothing is skipped."""
        return ()

    def open(self, name: str) -> IO[bytes]:  # noqa: ARG002 - there is one only
        """The file."""
        return self.path.open("rb")

    def fingerprint(self) -> str:
        """Sha256 of its content.

        Raises:
            UnreadableDataset: it cannot be read, or not any more.
        """
        try:
            with self.path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise _unreadable(self.path, error) from error


@dataclass(frozen=True)
class Folder:
    """A folder on disk; only regular files count, and links that lead out of it are left out.

    Attributes:
        path: of the folder.
        names: every file in it.
        links: links that lead out of it, or to another folder, and were not followed.
        on_disk: name with folders -> name on disk, for names that hold backslashes instead.
    """

    path: Path
    names: tuple[str, ...]
    links: tuple[str, ...] = ()
    on_disk: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def at(cls, path: Path, on_entry: Callable[[], None] = lambda: None) -> Folder:
        """List a folder recursively.

        Args:
            on_entry: called for each folder inside; may raise to stop.
        Raises:
            UnreadableDataset: more files than any dataset has.
        """
        root = path.resolve()
        found: list[str] = []
        links: list[str] = []
        for folder, subfolders, files in os.walk(path):  # follows no links to folders
            on_entry()
            subfolders[:] = [name for name in subfolders if not name.startswith(".")]
            visible = [Path(folder, name) for name in files if not is_hidden(with_slashes(name))]
            regular = [one for one in visible if _is_regular_file_inside(one, root)]
            found += [one.relative_to(path).as_posix() for one in regular]
            others = {*visible, *(Path(folder, name) for name in subfolders)} - {*regular}
            links += [one.relative_to(path).as_posix() for one in others if one.is_symlink()]
            expect_file_count(len(found), path.name)
        on_disk = _with_folders(found)
        known = [name for name in found if name not in on_disk.values()]
        return cls(path, tuple(sorted([*known, *on_disk])), tuple(sorted(links)), on_disk)

    @property
    def title(self) -> str:
        """Its name."""
        return printable(self.path.name)

    @property
    def notes(self) -> tuple[str, ...]:
        """Links that were not followed, and backslashes that were read as folder separators."""
        return (*self._note_of_links(), *self._note_of_backslashes())

    def _note_of_backslashes(self) -> tuple[str, ...]:
        if not self.on_disk:
            return ()
        name, original = next(iter(sorted(self.on_disk.items())))
        count = len(self.on_disk)
        return (
            f"{counted(count, 'name holds', 'names hold')} backslashes, read as folder "
            f"separators of Windows: {printable(original)} is {printable(name)}.",
        )

    def _note_of_links(self) -> tuple[str, ...]:
        if not self.links:
            return ()
        count = len(self.links)
        lead = counted(count, "link leads", "links lead")
        return (
            f"{lead} out of {self.title} or to another folder, and "
            f"{'is' if count == 1 else 'are'} not followed: {printable(self.links[0])}"
            f"{'' if count == 1 else ' and others'}. Copy the files in, or give the folder that "
            "they lie in.",
        )

    def open(self, name: str) -> IO[bytes]:
        """A file to read from."""
        return self._path_of(name).open("rb")

    def fingerprint(self) -> str:
        """Over names, sizes and modification times: reading everything would take minutes.

        Raises:
            UnreadableDataset: a file is gone since the folder was listed.
        """
        try:
            return fingerprint_of(self._file_stamps())
        except OSError as error:
            raise _unreadable(self.path, error) from error

    def _path_of(self, name: str) -> Path:
        return self.path / self.on_disk.get(name, name)

    def _file_stamps(self) -> Iterator[FileStamp]:
        for name in self.names:
            found = self._path_of(name).stat()
            yield name, found.st_size, found.st_mtime_ns


def open_tree(path: Path, on_entry: Callable[[], None] = lambda: None) -> Tree:
    """A folder, an archive (ZIP, or TAR with any compression) or a single file.

    The kind of a file is detected by its content, as names are often wrong.

    Args:
        on_entry: called while a folder or a TAR archive is listed; may raise to stop.
    Raises:
        UnknownDataset: nothing there.
        UnreadableDataset: see `Archive`, `TarArchive` and `Folder`; or a file of a known kind that
            is not supported.
    """
    try:
        if path.is_dir():
            return Folder.at(path, on_entry)
        if path.is_file():
            return _file(path, on_entry)
    except OSError as error:
        raise _unreadable(path, error) from error
    raise UnknownDataset(
        f"There is nothing at {printable(str(path))[:300]}.",
        advice="Check the path to the dataset.",
    )


def _with_folders(found: Sequence[str]) -> dict[str, str]:
    """Name with folders -> name on disk, where that holds backslashes: the archive was made on
    Windows and unpacked elsewhere. A name that another file has already stays as it is.
    """
    taken = set(found)
    plain = {with_slashes(name): name for name in found if "\\" in name}
    return {name: original for name, original in plain.items() if name not in taken}


def _file(path: Path, on_entry: Callable[[], None]) -> Tree:
    if head_of(path).startswith(ZIP_START):
        return Archive(path)
    if is_tar(path):
        return TarArchive(path, on_entry)
    expect_readable(path)
    return Archive(path) if path.suffix.lower() == ".zip" else SingleFile(path)


def _unreadable(path: Path, error: OSError) -> UnreadableDataset:
    named = printable(str(error.filename or path))
    return UnreadableDataset(
        f"{named[:200]} cannot be read: {error.strerror or error}.",
        advice="Check that it still exists and its permissions.",
    )


def _is_regular_file_inside(path: Path, root: Path) -> bool:
    """Whether it is a regular file below the root: a pipe would be read for ever."""
    try:
        outside = path.is_symlink() and not path.resolve().is_relative_to(root)
        return not outside and path.is_file()
    except (OSError, RuntimeError):  # a link to itself
        return False
