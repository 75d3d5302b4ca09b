"""Archives of files, read in place: ZIP, and TAR however it is packed."""

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
from core.datasets.readers.tree_names import expect_few, is_hidden, stamped, with_slashes
from core.domain.errors import UnreadableDataset
from core.storage.corrupt_data import DAMAGED_BYTES, printable, short_message

MOST_BYTES = 64 << 30  # unpacked: FER2013 as CSV is 0.3 GB
MOST_RATIO = 200  # unpacked to packed; pictures reach 2, tables of numbers 10
_SMALL_BYTES = 64 << 20  # under this a high ratio does no harm
_ANOTHER = "Do not use this archive; download it from its original publisher."

_DAMAGE: tuple[type[Exception], ...] = (*DAMAGED_BYTES, ValueError, struct.error)


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
                f"{self.title} is not a readable ZIP archive: {short_message(error)}.",
                advice="Download it again, or unpack it and choose the folder.",
            ) from error
        members = [one for one in self._zip.infolist() if not one.filename.endswith(("/", "\\"))]
        expect_few(len(members), path.name)
        for member in members:
            self._expect_harmless(member)
        self._expect_no_bomb(members)
        named = [(with_slashes(one.filename), one) for one in members]
        expect_no_office_file(self.title, (name for name, _ in named))
        # The later of two members with one name is what every unpacker leaves behind.
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
        """Nothing is passed over."""
        return ()

    def open(self, name: str) -> IO[bytes]:
        """A member to read from; damage shows when it is read."""
        return self._zip.open(self._members[name])

    def fingerprint(self) -> str:
        """Over names, sizes and checksums of the members."""
        return stamped((n, self._members[n].file_size, self._members[n].CRC) for n in self.names)

    def _expect_harmless(self, member: zipfile.ZipInfo) -> None:
        if stat.S_ISLNK(member.external_attr >> 16):
            raise _leads_outside(self.title, member.filename)
        _expect_inside(self.title, member.filename)
        if member.flag_bits & 1:
            raise UnreadableDataset(
                f"{self.title} is protected by a password.", advice="Unpack it first."
            )

    def _expect_no_bomb(self, members: list[zipfile.ZipInfo]) -> None:
        unpacked = sum(one.file_size for one in members)
        packed = max(1, sum(one.compress_size for one in members))
        # Members that share their bytes make more of them than the file holds.
        overlaps = packed > self._path.stat().st_size
        if overlaps or _is_too_much(unpacked, packed):
            raise _bomb(self._path, unpacked)


class TarArchive:
    """A TAR archive, packed by gzip, bzip2, xz or not at all, read in place.

    Args:
        path: where it lies.
        tell: called for each member, as a packed archive is gone through once; may raise to stop.
    Raises:
        UnreadableDataset: damaged, names that lead outside, or far more inside than its size
            allows.
    """

    def __init__(self, path: Path, tell: Callable[[], None] = lambda: None) -> None:
        self._path = path
        self._members: dict[str, tarfile.TarInfo] = {}
        try:
            self._tar = tarfile.open(path)  # noqa: SIM115 - open as long as it is read
            weakref.finalize(self, self._tar.close)
            self._look_through(tell)
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
        """Every member, in the archive's order: a packed one is read from its beginning on."""
        return tuple(self._members)

    @property
    def notes(self) -> tuple[str, ...]:
        """Nothing is passed over."""
        return ()

    def open(self, name: str) -> IO[bytes]:
        """A member to read from; damage shows when it is read."""
        opened = self._tar.extractfile(self._members[name])
        if opened is None:
            raise OSError(f"{name} is no file")
        return opened

    def fingerprint(self) -> str:
        """Sha256 of the whole file: a TAR archive keeps no checksums of its members."""
        with self._path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def _look_through(self, tell: Callable[[], None]) -> None:
        packed, unpacked = max(1, self._path.stat().st_size), 0
        for member in self._tar:
            tell()
            unpacked += member.size  # told before the content is passed over, so no bomb goes off
            if _is_too_much(unpacked, packed):
                raise _bomb(self._path, unpacked)
            if member.isdir():
                continue
            _expect_inside(self.title, member.name)
            if member.issym() or member.islnk():
                raise _leads_outside(self.title, member.name)
            name = PurePosixPath(with_slashes(member.name)).as_posix()
            if member.isfile() and not is_hidden(name):
                self._members[name] = member
                expect_few(len(self._members), self._path.name)


def _expect_inside(title: str, name: str) -> None:
    parts = PurePosixPath(with_slashes(name)).parts
    if not parts or ".." in parts or name.startswith(("/", "\\")) or ":" in parts[0]:
        raise _leads_outside(title, name)


def _is_too_much(unpacked: int, packed: int) -> bool:
    too_dense = unpacked > _SMALL_BYTES and unpacked / packed > MOST_RATIO
    return unpacked > MOST_BYTES or too_dense


def _leads_outside(title: str, name: str) -> UnreadableDataset:
    return UnreadableDataset(
        f"{title} contains a path that leads outside of it: {name[:60]!r}.", advice=_ANOTHER
    )


def _bomb(path: Path, unpacked: int) -> UnreadableDataset:
    return UnreadableDataset(
        f"{printable(path.name)} would unpack to {unpacked / 1e9:,.1f} GB from "
        f"{path.stat().st_size / 1e6:,.1f} MB: no dataset of pictures does.",
        advice=_ANOTHER,
    )
