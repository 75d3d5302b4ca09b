"""The training page with a real browser: start, follow, stop, and whatever may break meanwhile."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from core.datasets import DatasetSource
from core.datasets.catalogue.catalogue import add
from core.datasets.readers.demo import write_demo
from core.domain import Run, RunStatus, Started
from core.jobs import all_runs, find, force_stop, read_events, read_run
from core.jobs.run_folder.lease import holder
from core.models import list_cards
from tests.browser.conftest import Server
from tests.browser.visitor import settled

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

# TensorFlow takes ten seconds to wake, several times that where others are at work.
WAKES_WITHIN_S, RUNS_WITHIN_S = 240.0, 360.0


@pytest.fixture
def models_dir(tmp_path: Path) -> Path:
    """Models that are trained here are not for the project's shelf."""
    return tmp_path / "models"


@pytest.fixture(autouse=True)
def _no_worker_stays(server: Server) -> Iterator[None]:
    yield
    for run in all_runs(server.settings.runs_dir, now=datetime.now(UTC)):
        force_stop(server.settings.runs_dir, run.id, kill=True)


@pytest.fixture
def faces(server: Server, tmp_path: Path) -> str:
    """Drawn faces in the catalogue."""
    settings = server.settings
    source = DatasetSource(str(write_demo(tmp_path / "drawn", np.random.default_rng(3))))
    add(settings.datasets_dir, "Drawn faces", source, settings.datasets_cache_dir)
    return "Drawn faces"


def section(page: Page, name: str):
    """One of the page's sections."""
    return page.get_by_test_id("stButtonGroup").get_by_text(name, exact=True)


def start(page: Page, server: Server, *, epochs: int, name: str) -> str:
    """Start the smallest recipe from a fresh visit; the answer is the run's id."""
    before = {run.id for run in runs(server)}
    page.goto(f"{server.url}/train_model")
    settled(page)
    section(page, "New run").click()
    recipe = page.get_by_role("combobox", name="Recipe").first  # not the button that helps with it
    recipe.fill("Two convolution blocks")
    recipe.press("Enter")
    expect(page.get_by_text("A first try, or a check that")).to_be_visible()
    page.get_by_text("Change the recipe for this run").click()
    fill(page, "Epochs", str(epochs))
    expect(
        page.get_by_text("Adapted: 1,513 steps with batch size 16, in 89 epochs.")
    ).to_be_visible()
    changed = f"Changed for this run: batch size 16, epochs {epochs}."
    expect(page.get_by_text(changed)).to_be_visible()
    fill(page, "Model name", name)
    page.get_by_role("button", name="Start", exact=True).click()
    # The page follows the new run by itself.
    until(lambda: {run.id for run in runs(server)} - before, within_s=60)
    (run_id,) = {run.id for run in runs(server)} - before
    expect(page.get_by_text(f"{run_id}: two-block on")).to_be_visible()
    return run_id


def fill(page: Page, label: str, text: str) -> None:
    """Write into a field, and leave it."""
    field = page.get_by_label(label, exact=True)
    field.fill(text)
    field.press("Tab")


def runs(server: Server) -> list[Run]:
    return [
        run
        for run in all_runs(server.settings.runs_dir, now=datetime.now(UTC))
        if run.kind == "train"
    ]


def stands(server: Server, run_id: str) -> Run:
    return read_run(server.settings.runs_dir, run_id, now=datetime.now(UTC))


def until(holds: Callable[[], object], *, within_s: float = WAKES_WITHIN_S) -> None:
    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(0.1)


def begins(server: Server, run_id: str) -> int:
    """How often a worker began on a run."""
    events, _ = read_events(find(server.settings.runs_dir, run_id).events)
    return sum(isinstance(event, Started) for event in events)


def figure(page: Page, label: str):
    """One of the figures over the curves."""
    return page.get_by_test_id("stMetric").filter(has_text=label)


def expect_no_trouble(page: Page) -> None:
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_text("An unexpected error occurred")).to_have_count(0)


def test_the_page_says_whether_there_is_a_gpu_and_its_process_holds_no_tensorflow(
    server: Server, faces: str, page: Page
) -> None:
    page.goto(f"{server.url}/train_model")
    told = page.get_by_text(re.compile(r"works and (found no GPU|computes on)"))
    expect(told).to_be_visible(timeout=WAKES_WITHIN_S * 1000)
    assert server.process is not None
    maps = Path(f"/proc/{server.process.pid}/maps")
    if not maps.exists():
        pytest.skip("no /proc on this system")
    assert "tensorflow" not in maps.read_text()


def test_a_run_is_followed_through_a_closed_tab_and_a_restarted_server(
    context: BrowserContext, server: Server, faces: str
) -> None:
    page = context.new_page()
    run_id = start(page, server, epochs=10, name="quick")
    expect(figure(page, "of 10")).to_be_visible(timeout=WAKES_WITHIN_S * 1000)
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    expect(figure(page, "Time left")).to_be_visible()
    page.close()

    again = context.new_page()
    again.goto(f"{server.url}/train_model")
    expect(again.get_by_text(f"{run_id}: two-block on {faces}")).to_be_visible()
    expect(figure(again, "Epoch")).to_be_visible()

    server.stop()
    assert holder(find(server.settings.runs_dir, run_id).lease) is not None or (
        stands(server, run_id).status is RunStatus.COMPLETED
    )
    server.start()
    again.goto(f"{server.url}/train_model")
    until(lambda: stands(server, run_id).status.is_over, within_s=RUNS_WITHIN_S)
    assert stands(server, run_id).status is RunStatus.COMPLETED
    assert begins(server, run_id) == 1
    section(again, "All runs").click()
    expect(again.get_by_test_id("stDataFrame").first).to_be_visible()
    assert [card.name for card in list_cards(server.settings.models_dir)] == ["quick"]
    assert (find(server.settings.runs_dir, run_id).path / "result" / "answers.npz").is_file()
    expect_no_trouble(again)


def test_a_killed_run_is_lost_goes_on_and_shows_its_model(
    page: Page, server: Server, faces: str
) -> None:
    run_id = start(page, server, epochs=8, name="phoenix")
    until(lambda: len(stands(server, run_id).epochs) >= 2)
    assert force_stop(server.settings.runs_dir, run_id, kill=True)
    expect(page.get_by_text("The run was interrupted: its process is gone.")).to_be_visible()
    done = len(stands(server, run_id).epochs)
    assert done < 8

    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    expect(page.get_by_text("Done: the model is saved as phoenix.")).to_be_visible(
        timeout=RUNS_WITHIN_S * 1000
    )
    expect(figure(page, "Accuracy, PrivateTest")).to_contain_text("%")
    run = stands(server, run_id)
    assert [one.epoch for one in run.epochs] == list(range(1, 9))
    assert begins(server, run_id) == 2
    expect_no_trouble(page)
    expect(page.get_by_role("button", name="Use it live")).to_be_visible()
    # Its first evaluation is there already: what it answered when it was judged.
    page.get_by_role("button", name="Evaluate it").click()
    expect(page.get_by_text("Top-2 accuracy").first).to_be_visible()
    expect_no_trouble(page)


def test_two_starts_queue_and_cancelling_the_first_lets_the_second_run(
    page: Page, server: Server, faces: str
) -> None:
    first = start(page, server, epochs=900, name="one")
    second = start(page, server, epochs=900, name="two")
    until(lambda: stands(server, second).status is RunStatus.QUEUED)
    expect(page.get_by_text("1 running, 1 queued")).to_be_visible()
    page.get_by_text("1 running, 1 queued").click()
    expect(page.get_by_text(re.compile("queued, position 1"))).to_be_visible()
    assert begins(server, second) == 0

    page.get_by_role("button", name="Open").click()
    expect(figure(page, "Epoch")).to_be_visible(timeout=WAKES_WITHIN_S * 1000)
    expect(page.get_by_text(f"{first}: two-block on {faces}")).to_be_visible()
    page.get_by_test_id("stMain").get_by_role("button", name="Cancel").last.click()
    expect(page.get_by_text("The run was cancelled.")).to_be_visible(timeout=120_000)
    assert stands(server, first).status is RunStatus.CANCELLED

    until(lambda: stands(server, second).status is RunStatus.RUNNING)
    assert begins(server, second) == 1
    # The worker that sleeps, wakes or learns goes at once when it is told to by the system.
    assert force_stop(server.settings.runs_dir, second, kill=True)
    until(lambda: stands(server, second).status is RunStatus.LOST, within_s=60)
    expect_no_trouble(page)
