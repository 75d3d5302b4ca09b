"""Archives read in place: ZIP, and TAR with any compression."""

from __future__ import annotations

import hashlib
import stat
import struct
import tarfile
import weakref
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import IO

from core.datasets.readers.file_kinds import expect_no_office_file
from core.datasets.readers.tree_names import (
    expect_file_count,
    fingerprint_of,
    is_hidden,
    with_slashes,
)
from core.domain.errors import UnreadableDataset
from core.storage.corrupt_data import DAMAGED_BYTES, printable, short_message

MOST_BYTES = 64 << 30  # unpacked: FER2013 as CSV is 0.3 GB
MOST_RATIO = 200  # unpacked to packed; pictures reach 2, tables of numbers 10
_SMALL_BYTES = 64 << 20  # below this a high ratio is harmless
_OTHER_SOURCE = "Do not use this archive; download it from its original publisher."

_DAMAGE: tuple[type[Exception], ...] = (*DAMAGED_BYTES, ValueError, struct.error)


class Archive:
    """A ZIP archive, read in place: nothing is unpacked to disk.

    Args:
        path: of the file.
    Raises:
        UnreadableDataset: no archive, damaged, protected by a password, names that lead outside, or
            a ZIP bomb.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except _DAMAGE as error:
            raise UnreadableDataset(
                f"{self.title} is not a readable ZIP archive: {short_message(error)}.",
                advice="Download it again, or unpack it and choose the folder.",
            ) from error
        members = [one for one in self._zip.infolist() if not one.filename.endswith(("/", "\\"))]
        expect_file_count(len(members), path.name)
        for member in members:
            self._expect_safe(member)
        self._expect_no_bomb(members)
        named = [(with_slashes(one.filename), one) for one in members]
        expect_no_office_file(self.title, (name for name, _ in named))
        # Of two members with one name the later one counts, as with every unpacker.
        self._members = {name: one for name, one in named if not is_hidden(name)}

    @property
    def title(self) -> str:
        """Its name."""
        return printable(self._path.name)

    @property
    def names(self) -> tuple[str, ...]:
        """Every member, sorted."""
        return tuple(sorted(self._members))

    @property
    def notes(self) -> tuple[str, ...]:
        """Nothing is skipped."""
        return ()

    def open(self, name: str) -> IO[bytes]:
        """Open a member for reading; damage raises when it is read."""
        return self._zip.open(self._members[name])

    def fingerprint(self) -> str:
        """Over names, sizes and checksums of the members."""
        return fingerprint_of(
            (n, self._members[n].file_size, self._members[n].CRC) for n in self.names
        )

    def _expect_safe(self, member: zipfile.ZipInfo) -> None:
        if stat.S_ISLNK(member.external_attr >> 16):
            raise _path_outside(self.title, member.filename)
        _expect_inside(self.title, member.filename)
        if member.flag_bits & 1:
            raise UnreadableDataset(
                f"{self.title} is protected by a password.", advice="Unpack it first."
            )

    def _expect_no_bomb(self, members: list[zipfile.ZipInfo]) -> None:
        unpacked = sum(one.file_size for one in members)
        packed = max(1, sum(one.compress_size for one in members))
        # Members that share their bytes have a sum larger than the file.
        overlaps = packed > self._path.stat().st_size
        if overlaps or _is_too_much(unpacked, packed):
            raise _zip_bomb(self._path, unpacked)


class TarArchive:
    """A TAR archive, compressed with gzip, bzip2, xz or not at all, read in place.

    Args:
        path: of the file.
        on_entry: called for each member while the archive is listed; may raise to stop.
    Raises:
        UnreadableDataset: damaged, names that lead outside, or a TAR bomb.
    """

    def __init__(self, path: Path, on_entry: Callable[[], None] = lambda: None) -> None:
        self._path = path
        self._members: dict[str, tarfile.TarInfo] = {}
        try:
            self._tar = tarfile.open(path)  # noqa: SIM115 - open as long as it is read
            weakref.finalize(self, self._tar.close)
            self._read_members(on_entry)
        except _DAMAGE as error:
            raise UnreadableDataset(
                f"{self.title} is not a readable TAR archive: {short_message(error)}.",
                advice="Download it again, or unpack it and choose the folder.",
            ) from error

    @property
    def title(self) -> str:
        """Its name."""
        return printable(self._path.name)

    @property
    def names(self) -> tuple[str, ...]:
        """Every member in the archive's order: a compressed one can only be read forwards."""
        return tuple(self._members)

    @property
    def notes(self) -> tuple[str, ...]:
        """Nothing is skipped."""
        return ()

    def open(self, name: str) -> IO[bytes]:
        """Open a member for reading; damage raises when it is read."""
        opened = self._tar.extractfile(self._members[name])
        if opened is None:
            raise OSError(f"{name} is no file")
        return opened

    def fingerprint(self) -> str:
        """Sha256 of the whole file: a TAR archive keeps no checksums of its members."""
        with self._path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def _read_members(self, on_entry: Callable[[], None]) -> None:
        packed, unpacked = max(1, self._path.stat().st_size), 0
        for member in self._tar:
            on_entry()
            unpacked += member.size  # from the header, before any content is decompressed
            if _is_too_much(unpacked, packed):
                raise _zip_bomb(self._path, unpacked)
            if member.isdir():
                continue
            _expect_inside(self.title, member.name)
            if member.issym() or member.islnk():
                raise _path_outside(self.title, member.name)
            name = PurePosixPath(with_slashes(member.name)).as_posix()
            if member.isfile() and not is_hidden(name):
                self._members[name] = member
                expect_file_count(len(self._members), self._path.name)


def _expect_inside(title: str, name: str) -> None:
    parts = PurePosixPath(with_slashes(name)).parts
    if not parts or ".." in parts or name.startswith(("/", "\\")) or ":" in parts[0]:
        raise _path_outside(title, name)


def _is_too_much(unpacked: int, packed: int) -> bool:
    too_dense = unpacked > _SMALL_BYTES and unpacked / packed > MOST_RATIO
    return unpacked > MOST_BYTES or too_dense


def _path_outside(title: str, name: str) -> UnreadableDataset:
    return UnreadableDataset(
        f"{title} contains a path that leads outside of it: {name[:60]!r}.", advice=_OTHER_SOURCE
    )


def _zip_bomb(path: Path, unpacked: int) -> UnreadableDataset:
    return UnreadableDataset(
        f"{printable(path.name)} would unpack to {unpacked / 1e9:,.1f} GB from "
        f"{path.stat().st_size / 1e6:,.1f} MB: no dataset of pictures does.",
        advice=_OTHER_SOURCE,
    )
