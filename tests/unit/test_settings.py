"""What the operator chose, read from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.domain.errors import SettingsError
from core.settings import PROJECT_DIR, Settings, expand_home


def test_without_any_variable_everything_lies_in_the_project() -> None:
    settings = Settings.from_environment({})
    assert settings.data_dir == PROJECT_DIR / "data"
    assert settings.models_dir == PROJECT_DIR / "models"
    assert settings.database_url == f"sqlite:///{PROJECT_DIR}/data/sessions.db"
    assert settings.ice_server_list() == []


def test_each_folder_can_be_configured(tmp_path: Path) -> None:
    settings = Settings.from_environment(
        {
            "MIEN_DATA_DIR": str(tmp_path),
            "MIEN_MODELS_DIR": str(tmp_path / "shelf"),
            "MIEN_DATABASE_URL": "postgresql://mien@db/mien",
            "MIEN_ICE_SERVERS": '[{"urls": "turn:turn.example.org", "username": "mien"}]',
        }
    )
    assert settings.assets_dir == tmp_path / "assets"
    assert settings.models_dir == tmp_path / "shelf"
    assert settings.database_url == "postgresql://mien@db/mien"
    assert settings.ice_server_list() == [{"urls": "turn:turn.example.org", "username": "mien"}]


@pytest.mark.parametrize(
    "written", ["stun:stun.example.org", "{}", '["stun:stun.example.org"]', '[{"url": "typo"}]']
)
def test_servers_that_are_no_list_of_servers_are_refused_with_an_example(written: str) -> None:
    settings = Settings.from_environment({"MIEN_ICE_SERVERS": written})
    with pytest.raises(SettingsError, match="MIEN_ICE_SERVERS") as refused:
        settings.ice_server_list()
    assert "urls" in refused.value.advice


def test_relative_places_lie_in_the_project_wherever_one_stands(tmp_path, monkeypatch):
    asked = {
        "MIEN_DATA_DIR": "mine/data",
        "MIEN_MODELS_DIR": "mine/models",
        "MIEN_DATABASE_URL": "sqlite:///mine/s.db",
    }
    monkeypatch.chdir(tmp_path)
    found = Settings.from_environment(asked)
    assert found.data_dir == PROJECT_DIR / "mine" / "data"
    assert found.models_dir == PROJECT_DIR / "mine" / "models"
    assert found.database_url == f"sqlite:///{PROJECT_DIR}/mine/s.db"


@pytest.mark.parametrize(
    "url", ["sqlite:////tmp/s.db", "sqlite:///:memory:", "sqlite://", "postgresql+psycopg:///mien"]
)
def test_absolute_addresses_stay_unchanged(url):
    assert Settings.from_environment({"MIEN_DATABASE_URL": url}).database_url == url


def test_a_setting_left_empty_is_not_set():
    names = ("MIEN_DATA_DIR", "MIEN_MODELS_DIR", "MIEN_DATABASE_URL", "MIEN_ICE_SERVERS")
    names += ("MIEN_TRAININGS",)
    for empty in ("", "  "):
        assert Settings.from_environment(dict.fromkeys(names, empty)) == Settings.from_environment(
            {}
        )


@pytest.mark.parametrize(("written", "slots"), [("1", 1), (" 2 ", 2), ("64", 64), ("", 1)])
def test_as_many_trainings_as_the_operator_allows_may_work_at_a_time(written, slots):
    settings = Settings.from_environment({"MIEN_TRAININGS": written})
    assert settings.training_slots() == slots


@pytest.mark.parametrize("written", ["0", "-1", "65", "1.5", "many", "²", "9" * 5000])
def test_a_number_of_trainings_that_makes_no_sense_is_refused(written):
    settings = Settings.from_environment({"MIEN_TRAININGS": written})
    with pytest.raises(SettingsError, match="MIEN_TRAININGS is no whole number") as refused:
        settings.training_slots()
    assert len(refused.value.message) < 100


def test_an_unknown_home_folder_stays_unchanged(monkeypatch):
    monkeypatch.setenv("HOME", "/home/ada")
    assert expand_home("~/a.mp4") == "/home/ada/a.mp4"
    assert expand_home("~nobody-here/a.mp4") == "~nobody-here/a.mp4"
    assert expand_home("/films/a.mp4") == "/films/a.mp4"
