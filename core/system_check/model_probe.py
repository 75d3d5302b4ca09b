"""Checks whether saved models can be used, and prints JSON lines: run as a separate process.

It reads `{"models_dir": ..., "names": [...]}` and writes one line for each name, in this order, as
soon as it is known: a file that crashes the process does not affect the results before it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from core.domain import ModelCard
from core.domain.counted import counted
from core.domain.errors import MienError
from core.domain.plain_values import parse_json, to_plain
from core.models import format_file, has_file, read_formats
from core.system_check.app_checks import CheckResult
from core.vision.recognition import load_model


def main() -> None:
    """Check every model of the request."""
    request = parse_json(sys.stdin.read())
    for name in request["names"]:
        found = probe(Path(request["models_dir"]), name)
        sys.stdout.write(json.dumps(to_plain(found)) + "\n")
        sys.stdout.flush()


def probe(models_dir: Path, name: str) -> CheckResult:
    """Check one model: its card is read, the checksums of its files are verified, and it predicts
    a grey picture. TensorFlow is not needed: a Keras file is verified, not loaded.
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
    """Files of other formats that exist; some formats are files of the card.

    Raises:
        DamagedModel: one is not the file that was tested at conversion.
    """
    here = [row for row in read_formats(models_dir, card) if has_file(models_dir, card, row)]
    for row in here:
        format_file(models_dir, card, row)
    return [row.file for row in here]


if __name__ == "__main__":
    main()
