"""Where things are and what the operator chose: read once, at the edge, and passed on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import SettingsError

PROJECT_DIR = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """Folders and addresses of one installation.

    Attributes:
        data_dir: runs, sessions, assets and caches; everything Mien writes.
        models_dir: saved models, one folder each.
        database_url: SQLAlchemy address of the session store.
        ice_servers: JSON list of STUN/TURN servers for the camera; empty on one machine.
    """

    data_dir: Path
    models_dir: Path
    database_url: str
    ice_servers: str = "[]"

    @property
    def assets_dir(self) -> Path:
        """Files that set-up provides: the face landmarker and the small-face detector."""
        return self.data_dir / "assets"

    @property
    def runs_dir(self) -> Path:
        """One folder for each long job."""
        return self.data_dir / "runs"

    @property
    def faces_dir(self) -> Path:
        """One folder for each set of faces that was cut out of videos."""
        return self.data_dir / "faces"

    @property
    def cache_dir(self) -> Path:
        """What can be made again at any time."""
        return self.data_dir / "cache"

    @property
    def datasets_dir(self) -> Path:
        """What is known of each dataset: where it lies, its split, its corrections."""
        return self.data_dir / "datasets"

    @property
    def schemes_dir(self) -> Path:
        """Mappings of labels that people made."""
        return self.data_dir / "schemes"

    @property
    def uploads_dir(self) -> Path:
        """Datasets that were uploaded, one folder each."""
        return self.data_dir / "uploads"

    @property
    def datasets_cache_dir(self) -> Path:
        """Decoded datasets."""
        return self.cache_dir / "datasets"

    def ice_server_list(self) -> list[dict[str, Any]]:
        """STUN and TURN servers, as browsers take them.

        Raises:
            SettingsError: not a JSON list of objects with `urls`.
        """
        try:
            servers = json.loads(self.ice_servers)
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

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read `MIEN_DATA_DIR`, `MIEN_MODELS_DIR`, `MIEN_DATABASE_URL` and `MIEN_ICE_SERVERS`.

        One that is set but empty counts as not set: files of settings often hold such lines.
        """
        said = {name: value for name, value in environment.items() if value.strip()}
        data_dir = Path(said.get("MIEN_DATA_DIR", PROJECT_DIR / "data")).resolve()
        return cls(
            data_dir=data_dir,
            models_dir=Path(said.get("MIEN_MODELS_DIR", PROJECT_DIR / "models")).resolve(),
            database_url=said.get("MIEN_DATABASE_URL", f"sqlite:///{data_dir}/sessions.db"),
            ice_servers=said.get("MIEN_ICE_SERVERS", "[]"),
        )
