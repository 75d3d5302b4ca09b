"""The report on the evaluation page: in short, files, a preview."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from core.evaluation.predictions.evaluation_store import folder_of
from core.settings import Settings
from pages.parts.shell.navigation import EVALUATE_MODEL
from tests.evaluations_on_disk import put_evaluation
from tests.make import make_card
from tests.pages.visits import open_at, words_of
from tests.unit.evaluation.report.test_reporting import all_parts, private_test


def open_report(visitor: AppTest, settings: Settings) -> AppTest:
    """Go to the report of the one model there is."""
    put_evaluation(
        settings.models_dir, make_card(), {"PrivateTest": private_test()}, parts=all_parts(3589)
    )
    open_at(visitor, EVALUATE_MODEL)
    return visitor.segmented_control(key="evaluate-section").set_value("Report").run()


def test_findings_and_limits_stand_above_the_files(
    visitor: AppTest, installation: Settings
) -> None:
    open_report(visitor, installation)
    assert not visitor.exception
    told = words_of(visitor)
    assert "small has an accuracy of 69.7 %" in told
    assert "It learned from small grey pictures found on the web." in told
    labels = [one.proto.label for one in visitor.get("download_button")]
    assert {"Report (HTML)", "Metrics (JSON)", "Model card (Markdown)"} <= set(labels)


def test_the_page_is_previewed_as_it_will_be_saved(
    visitor: AppTest, installation: Settings
) -> None:
    open_report(visitor, installation)
    visitor.pills(key="report-preview").set_value("The report").run()
    assert not visitor.exception
    (frame,) = visitor.get("iframe")
    assert "Evaluation report: small" in frame.proto.srcdoc


def test_the_model_card_is_previewed(visitor: AppTest, installation: Settings) -> None:
    open_report(visitor, installation)
    visitor.pills(key="report-preview").set_value("The model card").run()
    assert not visitor.exception
    assert "# Model card: small" in words_of(visitor)


def test_a_damaged_part_is_told_with_advice(visitor: AppTest, installation: Settings) -> None:
    open_report(visitor, installation)
    folder = folder_of(installation.models_dir, "small", "fer2013-one")
    (folder / "history.json").write_bytes(b"[]")
    visitor.segmented_control(key="evaluate-section").set_value("Compare").run()
    from streamlit import cache_resource

    cache_resource.clear()
    visitor.segmented_control(key="evaluate-section").set_value("Report").run()
    assert not visitor.exception
    assert "missing or damaged" in words_of(visitor)
