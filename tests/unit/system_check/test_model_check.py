"""Every saved model is opened, in a process of its own; a broken one leaves the others be."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest

from core.models import LITERT_FILE, digest, load_card, model_files_stamp, model_names
from core.models.registry import write_card
from core.system_check.app_checks import CheckResult
from core.system_check.model_check import broken, check_models, start_models_check, summarise_models
from core.system_check.model_probe import probe
from tests.shelves import BREAKS, put_model


@pytest.fixture
def shelf(tmp_path):
    """Two models that work, with room for a third between them."""
    for name in ("able-otter", "calm-otter"):
        put_model(tmp_path / "models", name)
    return tmp_path / "models"


def test_every_model_that_is_there_is_opened(shelf):
    found = check_models(shelf)
    assert [(one.name, one.ok) for one in found] == [("able-otter", True), ("calm-otter", True)]
    assert found[0].sentence == "It loads and predicts; its 2 files match their checksums."
    assert summarise_models(shelf, found) == CheckResult("Models", True, "All 2 work.")


def test_without_models_nothing_is_started_and_advice_is_given(tmp_path):
    assert check_models(tmp_path / "models", python=str(tmp_path / "no-python")) == []
    (tmp_path / "models" / "backbones").mkdir(parents=True)
    (tmp_path / "models" / "backbones" / "own.keras").write_bytes(b"weights of no model of ours")
    assert check_models(tmp_path / "models", python=str(tmp_path / "no-python")) == []
    told = summarise_models(tmp_path / "models", [])
    assert not told.ok
    assert "no model in models/" in told.sentence
    assert "train one" in told.advice


@pytest.mark.parametrize("way", BREAKS)
def test_a_broken_model_is_named_with_its_remedy_and_the_others_work(shelf, way):
    spoil, said = BREAKS[way]
    spoil(put_model(shelf, "bad-otter"))
    found = [probe(shelf, name) for name in model_names(shelf)]
    assert [(one.name, one.ok) for one in found] == [
        ("able-otter", True),
        ("bad-otter", False),
        ("calm-otter", True),
    ]
    (bad,) = broken(found)
    assert said in bad.sentence
    assert bad.advice
    assert summarise_models(shelf, found) == CheckResult("Models", False, "2 of 3 models work.")


def test_files_that_match_the_card_but_are_no_model_are_found_by_loading_them(shelf):
    folder = put_model(shelf, "bad-otter")
    (folder / LITERT_FILE).write_bytes(b"no network at all")
    card = load_card(shelf, "bad-otter")
    write_card(
        folder,
        replace(card, files={**card.files, LITERT_FILE: digest(folder / LITERT_FILE)}),
    )
    bad = probe(shelf, "bad-otter")
    assert not bad.ok
    assert "no LiteRT file" in bad.sentence


def test_a_model_whose_other_format_changed_is_reported(shelf):
    folder = put_model(shelf, "bad-otter")
    (folder / "formats").mkdir()
    (folder / "formats" / "formats.json").write_text("[")
    bad = probe(shelf, "bad-otter")
    assert not bad.ok
    assert "list of formats of bad-otter cannot be read" in bad.sentence
    assert "Convert the model again" in bad.advice


def _python(tmp_path, body):
    """An interpreter that runs this instead of what it is asked to, `names` being those asked."""
    script = tmp_path / "instead.py"
    script.write_text(
        "import json, os, sys\n"
        "names = json.loads(sys.stdin.read())['names']\n"
        "def tell(name):\n"
        "    row = {'name': name, 'ok': True, 'sentence': 'It answers.', 'advice': ''}\n"
        "    print(json.dumps(row), flush=True)\n" + body
    )
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} {script} "$@"\n')
    python.chmod(0o755)
    return str(python)


@pytest.mark.parametrize(
    ("end", "said"),
    [
        ("os.kill(os.getpid(), 11)", "signal 11"),
        ("sys.exit('ValueError: what nobody foresaw')", "what nobody foresaw"),
        ("print('{\"name\": \"half', end='', flush=True); os._exit(3)", "without output"),
    ],
)
def test_a_model_that_ends_the_process_takes_no_other_along(shelf, tmp_path, end, said):
    put_model(shelf, "bad-otter")
    ends = f"for name in names:\n    if name == 'bad-otter':\n        {end}\n    tell(name)\n"
    found = check_models(shelf, python=_python(tmp_path, ends))
    assert [(one.name, one.ok) for one in found] == [
        ("able-otter", True),
        ("bad-otter", False),
        ("calm-otter", True),
    ]
    assert said in found[1].sentence
    assert "Restore its folder" in found[1].advice


def test_a_model_that_never_answers_is_given_up(shelf, tmp_path, monkeypatch):
    monkeypatch.setattr("core.system_check.probe.TIMEOUT_S", 2.0)
    hangs = "import time\ntell(names[0])\ntime.sleep(60)\n"
    (first, second) = check_models(shelf, python=_python(tmp_path, hangs))[:2]
    assert first.ok
    assert "No response within 2 seconds" in second.sentence


def test_an_interpreter_that_cannot_start_is_reported_and_not_raised(shelf, tmp_path):
    found = check_models(shelf, python=str(tmp_path / "no-python"))
    assert [one.ok for one in found] == [False, False]
    assert all(one.advice for one in found)


def test_models_are_opened_without_tensorflow(shelf, tmp_path):
    refuses = tmp_path / "python"
    refuses.write_text(
        "#!/bin/sh\n"
        f"exec {sys.executable} -c \"import sys; sys.modules['tensorflow'] = None; "
        "sys.modules['keras'] = None; from core.system_check.model_probe import main; main()\"\n"
    )
    refuses.chmod(0o755)
    assert all(one.ok for one in check_models(shelf, python=str(refuses)))


def test_models_are_checked_in_the_background_and_a_broken_one_is_reported(shelf):
    BREAKS["card that is no JSON"][0](put_model(shelf, "bad-otter"))
    assert [one.ok for one in start_models_check(shelf).result(60)] == [True, False, True]


def test_the_stamp_of_the_files_changes_with_any_of_them(shelf):
    seen = [model_files_stamp(shelf)]
    (shelf / "able-otter" / LITERT_FILE).write_bytes(b"shorter")
    seen.append(model_files_stamp(shelf))
    put_model(shelf, "new-otter")
    seen.append(model_files_stamp(shelf))
    (shelf / "new-otter" / "card.json").unlink()
    seen.append(model_files_stamp(shelf))
    assert len(set(seen)) == 4
    assert model_files_stamp(shelf) == seen[-1]
    assert model_files_stamp(shelf / "none") == ()


def test_names_from_outside_travel_as_they_are(shelf):
    folder = put_model(shelf, "calm-otter-2")
    strange = "-x 'ü\n"
    folder.rename(shelf / strange)
    told = check_models(shelf)[0]
    assert told.name == strange
    assert "holds the card of calm-otter-2" in told.sentence
