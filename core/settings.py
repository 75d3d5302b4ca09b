"""Folders and the operator's settings, read from the environment and passed as an argument."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.domain.errors import SettingsError
from core.domain.plain_values import parse_json

PROJECT_DIR = Path(__file__).resolve().parents[1]

DATABASE_FILE = "sessions.db"  # in the data folder, unless MIEN_DATABASE_URL says where
DEFAULT_TRAININGS = "1"  # as a variable holds it; each training needs memory for its pictures
MOST_TRAININGS = 64  # more is surely a typing error


@dataclass(frozen=True)
class Settings:
    """Folders and addresses of one installation.

    Attributes:
        data_dir: runs, sessions, assets and caches; everything Mien writes.
        models_dir: saved models, one folder each.
        database_url: SQLAlchemy address of the session store.
        ice_servers: JSON list of STUN/TURN servers for the camera; empty on one machine.
        trainings: how many trainings may run at a time, as written; the others queue.
    """

    data_dir: Path
    models_dir: Path
    database_url: str
    ice_servers: str = "[]"
    trainings: str = DEFAULT_TRAININGS

    @property
    def assets_dir(self) -> Path:
        """Files downloaded at set-up: the face landmarker and the small-face detector."""
        return self.data_dir / "assets"

    @property
    def eye_files_dir(self) -> Path:
        """Files of the eye in the browser, bundled and compressed at set-up."""
        return self.assets_dir / "eye"

    @property
    def runs_dir(self) -> Path:
        """One folder for each run."""
        return self.data_dir / "runs"

    @property
    def faces_dir(self) -> Path:
        """One folder for each set of faces extracted from videos."""
        return self.data_dir / "faces"

    @property
    def cache_dir(self) -> Path:
        """What can be recomputed at any time."""
        return self.data_dir / "cache"

    @property
    def datasets_dir(self) -> Path:
        """The dataset catalogue: path, split and corrections of each dataset."""
        return self.data_dir / "datasets"

    @property
    def schemes_dir(self) -> Path:
        """User-defined label mappings."""
        return self.data_dir / "schemes"

    @property
    def uploads_dir(self) -> Path:
        """Uploaded datasets, one folder each."""
        return self.data_dir / "uploads"

    @property
    def datasets_cache_dir(self) -> Path:
        """Decoded datasets."""
        return self.cache_dir / "datasets"

    def ice_server_list(self) -> list[dict[str, Any]]:
        """STUN and TURN servers in the browser's format.

        Raises:
            SettingsError: not a JSON list of objects with `urls`.
        """
        try:
            servers = parse_json(self.ice_servers)
        except ValueError:
            servers = None
        if not isinstance(servers, list) or not all(
            isinstance(one, dict) and "urls" in one for one in servers
        ):
            raise SettingsError(
                f"MIEN_ICE_SERVERS is no list of servers: {self.ice_servers[:80]!r}.",
                advice='Write it as JSON, such as [{"urls": "stun:stun.example.org:3478"}].',
            )
        return servers

    def training_slots(self) -> int:
        """How many trainings may run at a time; each needs memory for its pictures.

        Raises:
            SettingsError: not a whole number from 1 to 64.
        """
        written = self.trainings.strip()
        # "²" is a digit to Python, but int() rejects it; and it refuses very long ones.
        is_number = written.isascii() and written.isdigit() and len(written) < 10
        slots = int(written) if is_number else 0
        if not 1 <= slots <= MOST_TRAININGS:
            raise SettingsError(
                f"MIEN_TRAININGS is no whole number from 1 to {MOST_TRAININGS}: {written[:20]!r}.",
                advice="Write how many trainings may work at a time, such as 1; or leave it out.",
            )
        return slots

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read the environment variables that begin with `MIEN_`.

        `MIEN_DATA_DIR`, `MIEN_MODELS_DIR`, `MIEN_DATABASE_URL`, `MIEN_ICE_SERVERS` and
        `MIEN_TRAININGS` (how many trainings may run at a time).

        One that is set but empty counts as not set: `.env` files often contain such lines.
        Relative paths are relative to the project, whatever the working directory: workers, pages
        and commands have different ones.
        """
        values = {name: value for name, value in environment.items() if value.strip()}
        data_dir = _absolute(values.get("MIEN_DATA_DIR", "data"))
        return cls(
            data_dir=data_dir,
            models_dir=_absolute(values.get("MIEN_MODELS_DIR", "models")),
            database_url=_with_absolute_file(
                values.get("MIEN_DATABASE_URL", f"sqlite:///{data_dir}/{DATABASE_FILE}")
            ),
            ice_servers=values.get("MIEN_ICE_SERVERS", "[]"),
            trainings=values.get("MIEN_TRAININGS", DEFAULT_TRAININGS),
        )


def expand_home(path: str) -> str:
    """A path with `~` expanded; unchanged where there is no such home folder."""
    try:
        return str(Path(path).expanduser())
    except RuntimeError:  # nobody of that name
        return path


def _absolute(folder: str) -> Path:
    return (PROJECT_DIR / folder).resolve()


def _with_absolute_file(database_url: str) -> str:
    """The address of an SQLite file with its absolute path; any other unchanged."""
    kind, separator, file = database_url.partition(":///")
    if (
        not separator
        or not kind.startswith("sqlite")
        or not file
        or file.startswith((":", "file:"))
    ):
        return database_url
    path, mark, options = file.partition("?")
    return f"{kind}:///{_absolute(path)}{mark}{options}"
