"""Looking back on a practice: own view first, moments kept, and every file reopened."""

from __future__ import annotations

import io
import zipfile

import pytest
from playwright.sync_api import Page, expect

from core.domain.practice import Verdict
from core.practice import BY_NAME, attempts_of, measured_answer, moment_answers, practices
from tests.browser.conftest import Server
from tests.browser.practice_files import IN_REPORT, download_all, expect_to_hold, table_of
from tests.browser.visitor import choose, expect_soon, settled

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def _open_example(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/practice")
    settled(page)
    page.get_by_role("button", name="I agree", exact=True).click()
    page.get_by_role("button", name="Try with an example").click()
    expect(page.get_by_text("This is an example")).to_be_visible()


def test_an_example_is_reviewed_and_every_file_holds_the_figures_on_the_page(
    server: Server, page: Page
) -> None:
    _open_example(page, server)
    choose(page, "Question and try", "2. Why this position")
    expect(page.get_by_text("First your own view.")).to_be_visible()
    expect(page.get_by_text("could be read")).to_have_count(0)
    page.get_by_role("radiogroup", name="How calm").get_by_role("radio", name="7").click()
    page.get_by_role("radiogroup", name="How satisfied").get_by_role("radio", name="3").click()
    page.get_by_label("In one line (optional)").fill("<b>so</b> =1+1")
    page.get_by_role("button", name="Show what was measured").click()
    expect(page.get_by_text("could be read")).to_be_visible()
    page.get_by_text("Confirm", exact=True).first.click()
    expect(page.get_by_text("In this answer you confirmed 1 of 1")).to_be_visible()
    files = download_all(page)

    with server.store() as store:
        (practice,) = practices(store)
        found = attempts_of(store, practice.id)
        attempt = found[2]
        (said,) = moment_answers(store, attempt.id)
        answers = [measured_answer(store, one) for one in found]
    assert said.verdict is Verdict.CONFIRMED
    assert attempt.report is not None
    assert (attempt.report.calm, attempt.report.satisfied) == (7, 3)
    expect_to_hold(files, answers)
    for name in IN_REPORT:
        measure = BY_NAME[name]
        metric = page.get_by_test_id("stMetric").filter(has_text=measure.title).first
        expect(metric).to_contain_text(measure.written(measure.value(answers[2])))
    assert "&lt;b&gt;so&lt;/b&gt; =1+1" in files["report.html"].decode()
    with zipfile.ZipFile(io.BytesIO(files["practice.zip"])) as archive:
        (kept,) = [one for one in table_of(archive.read("moments.csv")) if one["verdict"]]
    assert float(kept["begins_s"]) == said.begins_s


def test_a_press_on_show_scrolls_to_the_stretch(server: Server, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 700})
    _open_example(page, server)
    expect(page.get_by_text("could be read")).to_be_visible()
    page.get_by_role("button", name="Show", exact=True).last.click()
    expect(page.get_by_role("button", name="Show all")).to_be_visible()
    expect(page.get_by_role("button", name="Show all")).to_be_in_viewport()


def test_one_try_and_then_the_practice_are_deleted_for_good(server: Server, page: Page) -> None:
    _open_example(page, server)
    page.get_by_role("button", name="Delete this try").click()
    page.get_by_role("button", name="Delete for good").click()
    with server.store() as store:
        (practice,) = practices(store)
        expect_soon(page, lambda: len(attempts_of(store, practice.id)), 3)
        settled(page)
        page.get_by_role("button", name="Delete this practice").click()
        page.get_by_role("button", name="Delete for good").click()
        expect(page.get_by_text("No practices yet.")).to_be_visible()
        assert practices(store) == ()
        assert store.sessions() == []
