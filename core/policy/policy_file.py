"""Region and purpose on disk: one small JSON file per installation."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from core.domain.errors import NotAllowedHere, StoreError
from core.domain.plain_values import parse_json
from core.policy.purpose import Purpose, Region
from core.policy.use_policy import UsePolicy
from core.storage.atomic import write_atomic

FILE_NAME = "use.json"
"""Its name in the data folder."""


def path_in(data_dir: Path) -> Path:
    """Path of an installation's policy file, whether it exists or not."""
    return data_dir / FILE_NAME


def read(path: Path) -> UsePolicy | None:
    """The policy of this installation; None if not chosen yet.

    Raises:
        NotAllowedHere: the file is damaged; nothing is allowed until somebody chooses again.
    """
    try:
        chosen = parse_json(path.read_text(encoding="utf-8"))
        # A file may be older than the second switch.
        heads_counted = chosen.get("heads_counted") is True
        return UsePolicy(Region(chosen["region"]), Purpose(chosen["purpose"]), heads_counted)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise NotAllowedHere(
            f"The stored choice of region and purpose ({path.name}) cannot be read.",
            advice="Choose again; the file is then replaced.",
        ) from error


def write(path: Path, policy: UsePolicy) -> None:
    """Store the policy, atomically.

    Raises:
        StoreError: the folder cannot be written.
    """
    text = json.dumps(asdict(policy))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, text)
    except OSError as error:
        raise StoreError(
            f"The choice cannot be stored in {path.parent}: {error.strerror}.",
            advice="Make the folder writable for the user that runs Mien.",
        ) from error
