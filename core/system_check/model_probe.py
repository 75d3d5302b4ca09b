"""Whether saved models can be used, told as JSON lines: run as a process of its own.

It reads `{"models_dir": ..., "names": [...]}` and answers with one line for each name, in this
order, as soon as it knows: a file that ends the process takes no other model's answer along.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from core.domain import ModelCard
from core.domain.counted import counted
from core.domain.errors import MienError
from core.models import format_file, is_here, read_formats
from core.system_check.app_checks import CheckResult
from core.vision.recognition import load_model


def main() -> None:
    """Look at every model that is asked about."""
    asked = json.loads(sys.stdin.read())
    for name in asked["names"]:
        found = probe(Path(asked["models_dir"]), name)
        sys.stdout.write(json.dumps(asdict(found)) + "\n")
        sys.stdout.flush()


def probe(models_dir: Path, name: str) -> CheckResult:
    """One model: its card is read, its files are compared with it, and it answers about a grey
    picture. TensorFlow is not needed: a Keras file is compared, not opened.
    """
    try:
        card = load_model(models_dir, name).card
        files = len({*card.files, *_expected_formats(models_dir, card)})
    except MienError as error:
        return CheckResult(name, False, error.message, error.advice)
    except ImportError as error:
        advice = "Reinstall the packages: make clean, then make run."
        return CheckResult(name, False, f"Its runtime cannot be loaded: {error}.", advice)
    except OSError as error:
        advice = "Check the permissions of its folder, or restore it from where it came from."
        return CheckResult(name, False, f"It cannot be read: {error.strerror or error}.", advice)
    match = "matches its checksum" if files == 1 else "match their checksums"
    return CheckResult(name, True, f"It loads and predicts; its {counted(files, 'file')} {match}.")


def _expected_formats(models_dir: Path, card: ModelCard) -> list[str]:
    """Files of other formats that are here; some formats are files of the card.

    Raises:
        DamagedModel: one is not the file that was tested.
    """
    here = [row for row in read_formats(models_dir, card) if is_here(models_dir, card, row)]
    for row in here:
        format_file(models_dir, card, row)
    return [row.file for row in here]


if __name__ == "__main__":
    main()
