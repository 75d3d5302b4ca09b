"""Watch drift: choose or make a reference, choose a window, read the answer, take it home."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.datasets import DatasetSource
from core.datasets.catalogue.catalogue import add
from core.datasets.labels.corrections import Corrections, Exclude, save_corrections
from core.domain import AnalysedFrame
from core.drift import MODEL_FILE, load_reference, save_reference
from core.drift.quantity import Quantity
from core.policy import Purpose, Region, UsePolicy
from core.policy import policy_file as policy_store
from core.sessions import SessionStore
from core.settings import Settings
from core.training import TrainingPlan
from core.training.inputs.training_data import load_training_data
from pages.parts.sessions import demo_sessions
from pages.parts.shell import run_panel
from pages.parts.shell.navigation import HOME, SESSIONS, TRAIN_MODEL, WATCH_DRIFT, PageInfo
from tests.datasets_on_disk import make_pictures, write_csv
from tests.drift_columns import make_moments, make_reference
from tests.make import make_moment, make_session
from tests.pages.visits import as_read, open_at, read_on, words_of

NOW = datetime.now(UTC)


@pytest.fixture
def store(installation: Settings) -> Iterator[SessionStore]:
    with SessionStore.open(installation.database_url) as opened:
        yield opened


@cache
def moments_of(name: str, seconds: int, darker: float) -> list[AnalysedFrame]:
    """What happens in a lesson: drawn once for all tests, of which none can change it."""
    rng = np.random.default_rng(sum(name.encode()))
    return make_moments(rng, seconds=seconds, darker=darker)


def record(
    store: SessionStore,
    name: str,
    *,
    days_ago: float,
    darker: float = 1.0,
    seconds: int = 60,
    model: str = "small",
) -> None:
    """A lesson of eight faces."""
    began_at = NOW - timedelta(days=days_ago)
    title = f"Lesson {name}"
    store.begin(make_session(name, began_at=began_at, title=title, card_name=model))
    store.append(name, moments_of(name, seconds, darker), now=began_at)
    store.end(name, ended_at=began_at + timedelta(seconds=seconds))


@pytest.fixture
def term(store: SessionStore) -> SessionStore:
    """Four usual lessons, a usual newer one, and the newest in the dark."""
    for number in range(4):
        record(store, f"usual-{number}", days_ago=60 - number)
    record(store, "recent", days_ago=20)
    record(store, "dark", days_ago=1, darker=0.5)
    return store


def open_drift(visitor: AppTest) -> AppTest:
    return open_at(visitor, WATCH_DRIFT)


def make_from(visitor: AppTest, *names: str, typed: str = "Spring term") -> AppTest:
    visitor.text_input(key="drift-name").set_value(typed)
    visitor.multiselect(key="drift-from").set_value(list(names))
    return visitor.button(key="drift-make").click().run()


def usual(visitor: AppTest) -> AppTest:
    return make_from(open_drift(visitor), *(f"usual-{number}" for number in range(4)))


def test_an_empty_store_offers_the_demo_and_then_a_reference(visitor: AppTest) -> None:
    open_drift(visitor)
    assert "Nothing is stored yet" in words_of(visitor)
    visitor.button(key="drift-add-demo").click().run()
    assert not visitor.exception
    assert "There is no reference yet" in words_of(visitor)


def test_the_demo_session_alone_shows_how_it_works(visitor: AppTest) -> None:
    open_drift(visitor).button(key="drift-add-demo").click().run()
    demo = visitor.multiselect(key="drift-from").value
    make_from(visitor, *demo, typed="Demo")
    assert not visitor.exception
    assert not visitor.error
    assert as_read(visitor.success[0].value).startswith("**No drift: of ")
    assert "in the reference, which hides drift" in words_of(visitor)


def test_a_dark_session_raises_an_alarm_with_its_sentence(
    visitor: AppTest, term: SessionStore
) -> None:
    usual(visitor)
    assert not visitor.exception
    assert as_read(visitor.warning[0].value) == "**Drift found: brightness.**"
    table = visitor.dataframe[0].value.set_index("Quantity")
    assert table.loc["Brightness", "Above threshold"] == "Yes"
    assert table.loc["Brightness", "Interpretation"].startswith(
        "Darker than the reference: median "
    )
    assert set(table["Above threshold"].drop("Brightness")) == {"No"}
    assert len(visitor.get("plotly_chart")) == 2


def test_the_largest_drift_is_drawn_first_and_another_can_be_chosen(
    visitor: AppTest, term: SessionStore
) -> None:
    usual(visitor)
    chosen = visitor.segmented_control(key="drift-quantity")
    assert chosen.value == Quantity.BRIGHTNESS
    chosen.set_value(Quantity.CLASS_MIX).run()
    assert not visitor.exception
    assert len(visitor.get("plotly_chart")) == 2


def test_what_to_do_is_proposed_and_nothing_is_started(
    visitor: AppTest, term: SessionStore, installation: Settings
) -> None:
    usual(visitor)
    assert "nothing starts automatically" in words_of(visitor)
    assert "even, frontal lighting" in words_of(visitor)
    assert visitor.code[0].value.startswith("python -m core train ")
    assert not installation.runs_dir.exists()


def test_a_usual_session_has_no_drift_and_nothing_is_proposed(
    visitor: AppTest, term: SessionStore
) -> None:
    usual(visitor)
    visitor.segmented_control(key="drift-period").set_value("Selected").run()
    visitor.multiselect(key="drift-picked").set_value(["recent"]).run()
    assert as_read(visitor.success[0].value).startswith("**No drift: of 8 quantities compared")
    assert not visitor.code


def test_a_period_takes_all_its_sessions(visitor: AppTest, term: SessionStore) -> None:
    usual(visitor).segmented_control(key="drift-period").set_value("30 days").run()
    assert "Compared: 2 sessions, 960 seconds of faces." in words_of(visitor)


def test_a_period_without_a_session_is_reported(visitor: AppTest, store: SessionStore) -> None:
    record(store, "old", days_ago=40)
    make_from(open_drift(visitor), "old")
    visitor.segmented_control(key="drift-period").set_value("7 days").run()
    assert "none began in that period" in visitor.info[0].value


def test_the_report_can_be_downloaded(visitor: AppTest, term: SessionStore) -> None:
    labels = [one.label for one in usual(visitor).get("download_button")]
    assert labels == ["Download CSV", "Download JSON"]


def test_the_reference_is_a_file_of_distributions(
    visitor: AppTest, term: SessionStore, installation: Settings
) -> None:
    usual(visitor)
    saved = load_reference(installation.data_dir / "drift" / "spring-term.json")
    assert saved.session_ids == tuple(f"usual-{number}" for number in (3, 2, 1, 0))
    assert saved.source.startswith("4 sessions from ")
    assert saved.rows == 4 * 8 * 60


def test_a_window_too_short_is_refused_in_words(visitor: AppTest, term: SessionStore) -> None:
    record(term, "short", days_ago=0.5, seconds=3)
    usual(visitor)
    assert "24 seconds with a usable face; 30 are needed" in as_read(visitor.info[0].value)
    assert not visitor.get("plotly_chart")
    assert not visitor.get("download_button")


def test_sessions_too_poor_for_a_reference_are_refused_with_advice(
    visitor: AppTest, store: SessionStore
) -> None:
    record(store, "short", days_ago=2, seconds=1)
    make_from(open_drift(visitor), "short")
    assert "too few, or too correlated" in visitor.error[0].value
    assert "Choose more or longer sessions" in visitor.error[0].value


@pytest.mark.parametrize("typed", ["", "?!"])
def test_a_reference_needs_a_name(visitor: AppTest, term: SessionStore, typed: str) -> None:
    make_from(open_drift(visitor), "usual-0", typed=typed)
    assert "no letter or digit" in visitor.error[0].value


def test_a_reference_needs_a_session(visitor: AppTest, term: SessionStore) -> None:
    make_from(open_drift(visitor))
    assert "at least one session" in visitor.warning[0].value


def test_a_name_is_given_once(visitor: AppTest, term: SessionStore) -> None:
    usual(visitor)
    make_from(visitor, "recent")
    assert "already" in visitor.error[0].value


def test_a_second_reference_is_chosen_at_once_and_can_be_deleted(
    visitor: AppTest, term: SessionStore, installation: Settings
) -> None:
    usual(visitor)
    make_from(visitor, "recent", typed="autumn")
    assert visitor.selectbox(key="drift-reference-2").value == 0
    assert "Reference: 1 session of" in words_of(visitor)
    visitor.button(key="drift-delete-autumn").click().run()
    assert not visitor.exception
    assert [one.stem for one in (installation.data_dir / "drift").iterdir()] == ["spring-term"]
    assert "Reference: 4 sessions" in words_of(visitor)


def test_a_models_own_reference_comes_first_and_cannot_be_deleted(
    visitor: AppTest, term: SessionStore, installation: Settings
) -> None:
    own = installation.models_dir / "small" / MODEL_FILE
    own.parent.mkdir(parents=True)
    own.write_text(json.dumps(make_reference().to_json()))
    open_drift(visitor)
    assert visitor.selectbox(key="drift-reference-1").options == [
        "small (training data of the model)"
    ]
    assert "the training data" in visitor.dataframe[0].value["Interpretation"][0]
    assert not any(str(one.key).startswith("drift-delete") for one in visitor.button)


def test_a_damaged_reference_is_one_sentence_with_advice(
    visitor: AppTest, term: SessionStore, installation: Settings
) -> None:
    path = save_reference(installation.data_dir, make_reference(name="torn"))
    path.write_text(path.read_text()[:200])
    open_drift(visitor)
    assert not visitor.exception
    assert len(visitor.error) == 1
    assert "Delete the file torn.json" in visitor.error[0].value
    visitor.button(key="drift-delete-torn").click().run()
    assert "There is no reference yet" in words_of(visitor)


def test_own_labels_that_disagree_are_a_reason_to_train(
    visitor: AppTest, term: SessionStore, installation: Settings
) -> None:
    save_reference(installation.data_dir, replace(make_reference(), agreement=0.9))
    open_drift(visitor).toggle(key="drift-labels").set_value(True).run()
    lines = ["person,model", *["happy,happy"] * 20, *["sad,happy"] * 20]
    uploader = visitor.file_uploader(key="drift-labels-file")
    uploader.set_value(("labels.csv", "\n".join(lines).encode(), "text/csv")).run()
    assert not visitor.exception
    assert any("50 % of 40 labels agree" in one.value for one in visitor.warning)
    assert "a person and the model agree on 50 %" in words_of(visitor)


def test_a_classroom_in_the_eu_compares_nothing_of_anyone(
    visitor: AppTest, term: SessionStore, installation: Settings
) -> None:
    save_reference(installation.data_dir, make_reference())
    session = UsePolicy(Region.EU_EEA, Purpose.CLASSROOM)
    policy_store.write(installation.data_dir / policy_store.FILE_NAME, session)
    open_drift(visitor)
    assert "5(1)(f)" in visitor.error[0].value
    assert not visitor.selectbox
    assert not visitor.dataframe
    assert not visitor.get("plotly_chart")


def test_a_session_without_a_usable_face_is_too_little(
    visitor: AppTest, store: SessionStore, installation: Settings
) -> None:
    save_reference(installation.data_dir, make_reference())
    store.begin(make_session("nobody", began_at=NOW))
    store.append("nobody", [make_moment(float(at)) for at in range(60)], now=NOW)
    open_drift(visitor)
    assert not visitor.exception
    assert "Too few samples: 0 seconds" in as_read(visitor.info[0].value)


def test_a_classroom_in_the_eu_may_look_at_the_demo(
    visitor: AppTest, term: SessionStore, installation: Settings
) -> None:
    open_drift(visitor)
    demo_sessions.add_demo_session(NOW)
    session = UsePolicy(Region.EU_EEA, Purpose.CLASSROOM)
    policy_store.write(installation.data_dir / policy_store.FILE_NAME, session)
    visitor.run()
    offered = visitor.multiselect(key="drift-from").options
    assert len(offered) == 1
    assert offered[0].startswith("Demo session")


def keep_own_reference(installation: Settings, model: str) -> None:
    own = installation.models_dir / model / MODEL_FILE
    own.parent.mkdir(parents=True)
    own.write_text(json.dumps(make_reference().to_json()))


@pytest.mark.parametrize(("newest", "proposed"), [("a-first-try", 0), ("small", 1)])
def test_the_reference_of_the_model_that_classified_the_newest_session_is_proposed(
    visitor: AppTest, term: SessionStore, installation: Settings, newest: str, proposed: int
) -> None:
    for model in ("a-first-try", "small"):
        keep_own_reference(installation, model)
    record(term, "newest", days_ago=0.5, model=newest)
    open_drift(visitor)
    assert visitor.selectbox(key="drift-reference-2").value == proposed


def test_sessions_of_several_models_are_compared_in_one_window(
    visitor: AppTest, term: SessionStore, installation: Settings
) -> None:
    keep_own_reference(installation, "small")
    for number, model in enumerate(("other", "third")):
        record(term, f"by-{model}", days_ago=3 + number, model=model)
    open_drift(visitor).segmented_control(key="drift-period").set_value("7 days").run()
    assert not visitor.exception
    assert not visitor.error
    assert "Compared: 3 sessions, 1,440 seconds of faces." in words_of(visitor)
    assert "classified by other and third: expressions and confidence" in words_of(visitor)
    assert "compared for small's predictions only" in words_of(visitor)


@pytest.mark.parametrize("room", [HOME, SESSIONS], ids=lambda room: room.title)
def test_drift_is_noticed_on_other_pages(
    visitor: AppTest, term: SessionStore, installation: Settings, room: PageInfo
) -> None:
    keep_own_reference(installation, "small")
    open_at(visitor, room)
    assert not visitor.exception
    said = read_on(visitor)
    assert "Sessions of the last 7 days differ from the pictures that their model was" in said
    assert "What may help: " in said
    links = [one.proto.label for one in visitor.get("page_link")]
    assert "See what changed" in links
    session = UsePolicy(Region.EU_EEA, Purpose.CLASSROOM)
    policy_store.write(installation.data_dir / policy_store.FILE_NAME, session)
    open_at(visitor, room)
    assert "Sessions of the last 7 days differ" not in read_on(visitor)


def test_there_is_no_notice_without_drift(visitor: AppTest, store: SessionStore) -> None:
    record(store, "recent", days_ago=1)
    open_at(visitor, SESSIONS)
    assert "Sessions of the last 7 days differ" not in read_on(visitor)


def test_the_proposed_training_is_started_with_one_button(
    visitor: AppTest,
    term: SessionStore,
    installation: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[tuple[str, dict[str, object]]] = []
    monkeypatch.setattr(
        run_panel, "start_run", lambda *arguments: started.append(arguments) or "none"
    )
    csv_file = write_csv(tmp_path / "faces.csv", make_pictures(size_px=8))
    folders = installation.datasets_dir, installation.datasets_cache_dir
    dataset = add(folders[0], "faces", DatasetSource(str(csv_file)), folders[1])
    corrections = Corrections((Exclude((str(dataset.pictures.names[0]),), "blurred"),))
    save_corrections(folders[0] / "faces", corrections)
    usual(visitor)
    assert not started
    assert "Trains from random weights" in words_of(visitor)
    visitor.button(key="drift-train-start").click().run()
    ((kind, plan),) = started
    assert (kind, plan["recipe"], plan["dataset"]) == ("train", "compact-residual", "faces")
    assert plan["corrections"] == corrections.key
    learned = load_training_data(TrainingPlan.from_json(plan), installation)  # few, and not refused
    assert len(learned["Training"]) == 83
    assert visitor.title[0].value == TRAIN_MODEL.title


def test_without_a_dataset_the_way_to_one_is_shown(visitor: AppTest, term: SessionStore) -> None:
    usual(visitor)
    assert "No dataset has been added yet" in words_of(visitor)
