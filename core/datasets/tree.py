"""A folder or an archive as files by name: read in place, never unpacked."""

from __future__ import annotations

import hashlib
import os
import stat
import struct
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from core.damage import DAMAGED_BYTES, as_text, in_short
from core.errors import UnknownDataset, UnreadableDataset

MOST_FILES = 3_000_000
MOST_BYTES = 64 << 30  # unpacked: FER2013 as CSV is 0.3 GB
MOST_RATIO = 200  # unpacked to packed; pictures reach 2, tables of numbers 10
_SMALL_BYTES = 64 << 20  # under this a high ratio does no harm

_DAMAGE: tuple[type[Exception], ...] = (*DAMAGED_BYTES, ValueError, struct.error)

_Stamp = tuple[str, int, int]


class Tree(Protocol):
    """Files by name, names with slashes."""

    @property
    def title(self) -> str:
        """What a person calls it."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """Every file, sorted; hidden ones are left out."""
        ...

    def open(self, name: str) -> IO[bytes]:
        """A file to read from."""
        ...

    def fingerprint(self) -> str:
        """Changes when any content changes; hexadecimal."""
        ...


@dataclass(frozen=True)
class SingleFile:
    """One file as a tree.

    Attributes:
        path: where it lies.
    """

    path: Path

    @property
    def title(self) -> str:
        """Its name."""
        return as_text(self.path.name)

    @property
    def names(self) -> tuple[str, ...]:
        """Its name alone."""
        return (self.path.name,)

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
    """A folder on disk; what is no file is left out, and links that lead out of it.

    Attributes:
        path: where it lies.
        names: every file in it.
    """

    path: Path
    names: tuple[str, ...]

    @classmethod
    def at(cls, path: Path, tell: Callable[[], None] = lambda: None) -> Folder:
        """Look through a folder.

        Args:
            tell: called for each folder inside; may raise to stop.
        Raises:
            UnreadableDataset: more files than any dataset has.
        """
        root = path.resolve()
        found: list[str] = []
        for folder, subfolders, files in os.walk(path):  # follows no links to folders
            tell()
            subfolders[:] = [name for name in subfolders if not name.startswith(".")]
            inside = [Path(folder, name) for name in files if not _is_hidden(name)]
            found += [one.relative_to(path).as_posix() for one in inside if _belongs(one, root)]
            _expect_few(len(found), path.name)
        return cls(path, tuple(sorted(found)))

    @property
    def title(self) -> str:
        """Its name."""
        return as_text(self.path.name)

    def open(self, name: str) -> IO[bytes]:
        """A file to read from."""
        return (self.path / name).open("rb")

    def fingerprint(self) -> str:
        """Over names, sizes and times of change: reading everything would take minutes.

        Raises:
            UnreadableDataset: a file is gone since the folder was looked through.
        """
        try:
            return _stamped(self._stamps())
        except OSError as error:
            raise _unreadable(self.path, error) from error

    def _stamps(self) -> Iterator[_Stamp]:
        for name in self.names:
            found = (self.path / name).stat()
            yield name, found.st_size, found.st_mtime_ns


class Archive:
    """A ZIP archive, read in place: nothing in it can be written anywhere.

    Args:
        path: where it lies.
    Raises:
        UnreadableDataset: no archive, damaged, locked by a password, names that lead outside, or
            far more inside than its size allows.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except _DAMAGE as error:
            raise UnreadableDataset(
                f"{self.title} is not a readable ZIP archive: {in_short(error)}.",
                advice="Download it again, or unpack it and choose the folder.",
            ) from error
        members = [one for one in self._zip.infolist() if not one.filename.endswith("/")]
        _expect_few(len(members), path.name)
        for member in members:
            self._expect_harmless(member)
        self._expect_no_bomb(members)
        # The later of two members with one name is what every unpacker leaves behind.
        self._members = {one.filename: one for one in members if not _is_hidden(one.filename)}

    @property
    def title(self) -> str:
        """Its name."""
        return as_text(self._path.name)

    @property
    def names(self) -> tuple[str, ...]:
        """Every member, sorted."""
        return tuple(sorted(self._members))

    def open(self, name: str) -> IO[bytes]:
        """A member to read from; damage shows when it is read."""
        return self._zip.open(self._members[name])

    def fingerprint(self) -> str:
        """Over names, sizes and checksums of the members."""
        return _stamped((n, self._members[n].file_size, self._members[n].CRC) for n in self.names)

    def _expect_harmless(self, member: zipfile.ZipInfo) -> None:
        name = member.filename
        parts = PurePosixPath(name.replace("\\", "/")).parts
        outside = not parts or ".." in parts or name.startswith(("/", "\\")) or ":" in parts[0]
        if outside or stat.S_ISLNK(member.external_attr >> 16):
            raise UnreadableDataset(
                f"{self.title} holds a name that leads outside of it: {name[:60]!r}.",
                advice="Do not use this archive; get it from where it was first published.",
            )
        if member.flag_bits & 1:
            raise UnreadableDataset(
                f"{self.title} is locked by a password.", advice="Unpack it first."
            )

    def _expect_no_bomb(self, members: list[zipfile.ZipInfo]) -> None:
        unpacked = sum(one.file_size for one in members)
        packed = max(1, sum(one.compress_size for one in members))
        too_dense = unpacked > _SMALL_BYTES and unpacked / packed > MOST_RATIO
        # Members that share their bytes make more of them than the file holds.
        overlaps = packed > self._path.stat().st_size
        if unpacked > MOST_BYTES or too_dense or overlaps:
            raise UnreadableDataset(
                f"{self.title} would unpack to {unpacked / 1e9:,.1f} GB from "
                f"{self._path.stat().st_size / 1e6:,.1f} MB: no dataset of pictures does.",
                advice="Do not use this archive; get it from where it was first published.",
            )


def open_tree(path: Path, tell: Callable[[], None] = lambda: None) -> Tree:
    """A folder, a ZIP archive or a single file.

    Args:
        tell: called while a folder is looked through; may raise to stop.
    Raises:
        UnknownDataset: nothing there.
        UnreadableDataset: see `Archive` and `Folder`.
    """
    try:
        if path.is_dir():
            return Folder.at(path, tell)
        if path.is_file():
            return Archive(path) if path.suffix.lower() == ".zip" else SingleFile(path)
    except OSError as error:
        raise _unreadable(path, error) from error
    raise UnknownDataset(
        f"There is nothing at {as_text(str(path))[:300]}.", advice="Check the path to the dataset."
    )


def _unreadable(path: Path, error: OSError) -> UnreadableDataset:
    named = as_text(str(error.filename or path))
    return UnreadableDataset(
        f"{named[:200]} cannot be read: {error.strerror or error}.",
        advice="Check that it is still there and who may read it.",
    )


def _belongs(path: Path, root: Path) -> bool:
    """Whether it is a file with an end, and inside: a pipe would be read for ever."""
    try:
        outside = path.is_symlink() and not path.resolve().is_relative_to(root)
        return not outside and path.is_file()
    except (OSError, RuntimeError):  # a link to itself
        return False


def _expect_few(count: int, title: str) -> None:
    if count > MOST_FILES:
        raise UnreadableDataset(
            f"{title} holds more than {MOST_FILES:,} files.",
            advice="Choose the folder that holds the dataset and nothing else.",
        )


def _is_hidden(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part.startswith(".") or part == "__MACOSX" for part in parts) or parts[-1] in {
        "Thumbs.db",
        "desktop.ini",
    }


def _stamped(stamps: Iterable[_Stamp]) -> str:
    found = hashlib.sha256()
    for stamp in stamps:
        found.update(repr(stamp).encode())
    return found.hexdigest()
