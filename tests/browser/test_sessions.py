"""What Sessions shows is in the file that it offers, as seven expressions and as two."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet
import pytest
from playwright.sync_api import Locator, Page, expect
from pympi.Elan import Eaf

from core.domain import (
    FER7,
    AnalysedFrame,
    EmotionScores,
    Observation,
    RejectReason,
    normalised,
    rounded_blendshapes,
)
from core.sessions import SessionStore, read_csv
from pages.parts.shell.theme import clock_time, duration, expression_word, percent, reason_word
from tests.browser.visitor import expect_soon, settled
from tests.make import make_mark, make_moment, make_observation, make_session
from tests.recomputed import Recomputed, recompute

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

SECONDS, FPS, NOT_SURE_BELOW = 60, 8, 0.45
_SHOWN = (
    ("Seven expressions", None),
    ("Confident or stressed", "Stressed"),
    ("Expressiveness level", "Expressive"),
)

_MEASURED: tuple[tuple[str, str, Callable[[float], str]], ...] = (
    ("Facing the screen", "facing_share_10s", lambda mean: f"{percent(mean)} of the time"),
    ("Tension", "tension", "{:+.1f} SD".format),
    ("Engagement index", "index", "{:.0f} of 100".format),
)


def test_every_figure_of_the_summary_follows_from_the_downloaded_file(server, page):
    with server.store() as store:
        _record(store)
    page.goto(f"{server.url}/sessions")
    settled(page)
    for title, leads in _SHOWN:
        page.get_by_role("radiogroup", name="Show as").get_by_role("radio", name=title).click()
        expect(_metric(page, "Most frequent")).to_contain_text(leads or "%")
        expect(page.locator("[data-stale='true']")).to_have_count(0)
        with page.expect_download() as download:
            page.get_by_role("button", name="Download CSV").click()
        content = Path(download.value.path()).read_bytes()
        found = recompute(content)
        assert found.shares
        assert found.lost
        _expect_on_page(page, found)
        _expect_measures_on_page(page, content)


def test_a_title_is_shown_letter_by_letter_and_nothing_is_fetched_for_it(server, page):
    title = "![x](http://pictures.example/p.png) <b>b</b> *i* $x^2$ :red[r] :smile: AT&amp;T"
    with server.store() as store:
        session = replace(make_session(), title=title)
        store.begin(session)
        store.append(session.id, [make_moment(0.0, make_observation())], now=session.began_at)
        store.end(session.id, ended_at=session.began_at)
    fetched = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(f"{server.url}/sessions")
    heading = page.get_by_role("heading", name="pictures.example")
    expect(heading).to_be_visible()
    # Invisible joiners keep addresses and emoji names apart from what Streamlit makes of them.
    assert (heading.text_content() or "").replace("\u2060", "") == title
    assert [address for address in fetched if "pictures.example" in address] == []


def _expect_on_page(page: Page, found: Recomputed) -> None:
    most = max(found.shares, key=found.shares.__getitem__)
    expect(_metric(page, "Duration")).to_have_text(duration(found.duration_s))
    expect(_metric(page, "Usable time")).to_have_text(percent(found.usable_share))
    expect(_metric(page, "Faces")).to_have_text(str(found.faces))
    expect(_metric(page, "Most frequent")).to_have_text(
        f"{expression_word(most)} {percent(found.shares[most])}"
    )
    trend, shown, lost = (page.locator(".js-plotly-plot").nth(at) for at in range(3))
    expect(trend.locator(".annotation-text")).to_have_text([words for _, words in found.marks])
    shares = {expression_word(label): percent(share) for label, share in found.shares.items()}
    expect_soon(page, lambda: _bars(shown), shares)
    stretches = {reason_word(why): duration(lost_s) for why, lost_s in found.lost.items()}
    expect_soon(page, lambda: _bars(lost), stretches)
    rate = page.get_by_text("Frames analysed").first
    expect(rate).to_contain_text(f"{found.frames:,}")
    expect(rate).to_contain_text(f"{found.mean_fps:.1f}")
    each_face = [
        [f"Face {face}", duration(in_view_s), duration(usable_s)]
        + [
            percent(shares.get(label, 0.0)) if shares else "-"
            for label in _longest_first(found.shares)
        ]
        for face, (in_view_s, usable_s, shares) in found.each_face.items()
    ]
    expect_soon(page, lambda: _table(page, 1), each_face)
    expect(page.get_by_text(re.compile("(Expression|Level) changes"))).to_be_visible()
    changes = [
        [clock_time(at), f"Face {face}", expression_word(before), expression_word(after)]
        for at, face, before, after in found.changes
    ]
    expect_soon(page, lambda: _table(page, 2), changes)
    marks = [[clock_time(at), words] for (at,), words in found.marks]
    expect_soon(page, lambda: _table(page, 3), marks)


def test_every_format_can_be_chosen_and_leaves_without_identifiers(server, page):
    with server.store() as store:
        _record(store)
    page.goto(f"{server.url}/sessions")
    settled(page)
    rows = parquet.ParquetFile(_downloaded(page, "Parquet")).metadata.num_rows
    assert rows > SECONDS * FPS
    page.get_by_text("Without identifiers").click()
    settled(page)
    document = _downloaded(page, "ELAN (.eaf)")
    assert Eaf(document).get_tier_names()
    assert "session.eaf" in document.name


def _downloaded(page: Page, title: str) -> Path:
    """What More formats gives; the popover stays open."""
    if not page.get_by_label("Format", exact=True).is_visible():
        page.get_by_role("button", name="More formats").click()
    settled(page)  # a page that is drawn anew closes the list
    page.get_by_label("Format", exact=True).click()
    page.get_by_role("option", name=title, exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name=f"Download {title}").click()
    saved = Path(download.value.path()).with_name(download.value.suggested_filename)
    download.value.save_as(saved)
    return saved


def _expect_measures_on_page(page: Page, content: bytes) -> None:
    """Figures of the first face: means of their columns, weighted by the seconds of the rows."""
    table = read_csv(content)
    table = table[(table["face_id"] == 1).fillna(value=False)]
    for title, column, form in _MEASURED:
        known = table.dropna(subset=column)
        mean = (known[column] * known["seconds"]).sum() / known["seconds"].sum()
        share = percent(known["seconds"].sum() / table["seconds"].sum())
        card = page.get_by_test_id("stVerticalBlock").filter(
            has=page.get_by_text(title, exact=False), has_text="measured"
        )
        text = form(mean).strip()
        expect(card.last).to_contain_text(text)
        expect(card.last).to_contain_text(f"{share} measured")


def _metric(page: Page, label: str) -> Locator:
    box = page.get_by_test_id("stMetric").filter(has_text=label)
    return box.get_by_test_id("stMetricValue")


def _bars(chart: Locator) -> dict[str, str]:
    """What stands beside each bar of a chart, by the bar's name."""
    names, figures = (
        chart.locator(texts).evaluate_all(
            """found => found
                .sort((a, b) => a.getBoundingClientRect().y - b.getBoundingClientRect().y)
                .map(one => one.textContent.replaceAll("\u00a0", " "))"""
        )
        for texts in (".ytick text", ".bartext")
    )
    return dict(zip(names, figures, strict=False))  # half drawn, there may be bars without figures


def _longest_first(shares: dict[str, float]) -> list[str]:
    return sorted(shares, key=lambda label: -shares[label])


def _table(page: Page, at: int) -> list[list[str]]:
    """The cells of one of the page's tables, as screen readers are told them."""
    table = page.get_by_test_id("stDataFrame").nth(at)
    rows = table.locator("canvas [role=row]").all()
    cells = [row.locator("[role=gridcell]").all_text_contents() for row in rows]
    return [row for row in cells if row]


def _record(store: SessionStore) -> None:
    """A minute: one face of changing expressions, a second one for a while, unclear stretches."""
    rng = np.random.default_rng(5)
    began_at = datetime.now(UTC) - timedelta(minutes=2)
    session = replace(make_session("one", began_at=began_at), not_sure_below=NOT_SURE_BELOW)
    store.begin(session)
    moments = [_moment(number / FPS, rng) for number in range(SECONDS * FPS)]
    store.append("one", moments, now=began_at, events=[make_mark(10.0, "a question")])
    store.end("one", ended_at=began_at + timedelta(seconds=SECONDS))


def _moment(time_s: float, rng: np.random.Generator) -> AnalysedFrame:
    faces = [_face(time_s, 1, rng)]
    if 20 <= time_s < 35:
        faces.append(_face(time_s, 2, rng))
    if 50 <= time_s < 53:
        faces = []
    return make_moment(time_s, *faces)


def _face(time_s: float, track_id: int, rng: np.random.Generator) -> Observation:
    label = ("happy", "neutral", "sad", "fear", "happy", "surprise")[int(time_s / 10)]
    values = rng.uniform(0, 0.3, len(FER7))
    values[FER7.index(label)] += 0.9 if int(time_s) % 5 else 0.2
    smooth = np.full(len(FER7), 0.1)
    smooth[FER7.index(label)] = 0.9 if int(time_s) % 5 else 0.2
    dark = RejectReason.TOO_DARK if 40 <= time_s < 43 else None
    moved = rounded_blendshapes(rng.random(52) ** 3 * (1 + int(time_s / 6) % 3) / 3)
    seen = make_observation(time_s, track_id=track_id, reason=dark)
    seen = replace(seen, blendshapes=moved)
    if dark is not None:
        return seen
    steady: EmotionScores = normalised(FER7, smooth)
    return replace(seen, scores=normalised(FER7, values), steady=steady)
