"""The report on a model: what it says, and that nothing in it can run or fetch."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from core.datasets.labels.ferplus_votes import Votes
from core.domain import CONFIDENT2, FER7, ClassScores, EpochEnded, Interval, LabelScheme, RecipeUsed
from core.domain.errors import DamagedModel, UnknownModel
from core.evaluation.comparison.claim_checks import Evidence, check_claims
from core.evaluation.explain.saliency import (
    GRAD_CAM,
    SALIENCY_FILE,
    MapChecks,
    SaliencyPart,
    write_saliency,
)
from core.evaluation.predictions.evaluation_files import (
    GROUPS_FILE,
    HISTORY_FILE,
    ROBUSTNESS_FILE,
    VOTES_FILE,
    history_bytes,
    votes_bytes,
)
from core.evaluation.predictions.leakage import LEAKAGE_FILE, DuplicateLeakage, leakage_bytes
from core.evaluation.predictions.predictions import SplitPredictions
from core.evaluation.report import (
    FullReport,
    ReportContext,
    build_report,
    chosen_evaluation,
    to_html,
    to_json,
    to_markdown,
)
from core.evaluation.report.sentences import findings, limits
from core.evaluation.robustness.corruptions import CORRUPTIONS
from core.evaluation.subgroups.report import write_groups
from tests.evaluations_on_disk import make_answers, put_evaluation, some_right
from tests.make import make_card, make_report
from tests.pointing import pointers
from tests.robustness_results import make_groups, make_robustness

AROUND = ReportContext("2026-11-21T15:00:00+00:00", {"epochs": 60, "learning_rate": 3e-3})
PRIVATE_COUNTS = (491, 55, 528, 879, 594, 416, 626)
EVIL = '<script>alert("x")</script>'


def private_test() -> SplitPredictions:
    """A model that names 2,500 of PrivateTest's pictures right."""
    labels = np.repeat(np.arange(7), PRIVATE_COUNTS)
    right = np.random.default_rng(3).permutation(len(labels)) < 2500
    predicted = np.where(right, labels, (labels + 1) % 7)
    noise = np.random.default_rng(4).normal(scale=0.6, size=(len(labels), 7))
    logits = (np.eye(7)[predicted] * 3 + noise.clip(-1, 1)).astype(np.float32)
    return SplitPredictions(np.arange(len(labels)).astype(np.uint64), labels, logits, FER7.labels)


def saliency_part() -> bytes:
    """Mean maps of all classes but one."""
    maps = np.zeros((7, 6, 6), np.float16)
    maps[:, 4, 2:4] = 1.0
    counts = np.full(7, 20)
    counts[1] = 0
    part = SaliencyPart(
        "PrivateTest", GRAD_CAM, FER7.labels, maps, maps, counts, counts,
        np.zeros(0, np.uint64), np.zeros((0, 6, 6), np.float16), np.zeros((0, 6, 6), np.float16),
        MapChecks(100, 0.3, 0.1, Interval(0.8, 0.7, 0.9)),
    )  # fmt: skip
    return write_saliency(part)


def all_parts(count: int) -> dict[str, bytes]:
    """Every part that an evaluation may have."""
    of = np.full(count, -1, np.int8)
    of[:100] = 0
    repeats = DuplicateLeakage(of, np.zeros(count, bool), ("Training", "PrivateTest"))
    shares = np.zeros((count, 7), np.int64)
    shares[:, 3] = 9
    votes = Votes(shares, np.ones(count, np.int64), np.full(count, "PrivateTest"))
    epochs = [
        EpochEnded(at, 3, {"val_accuracy": 0.5 + at / 20, "seconds": 1.0}) for at in (1, 2, 3)
    ]
    return {
        LEAKAGE_FILE: leakage_bytes({"PrivateTest": repeats}),
        VOTES_FILE: votes_bytes(votes, {"PrivateTest": np.arange(count)}),
        HISTORY_FILE: history_bytes(epochs),
        SALIENCY_FILE: saliency_part(),
        ROBUSTNESS_FILE: make_robustness(finding=True).to_bytes(),
        GROUPS_FILE: write_groups([make_groups({"lab": (150, 200), "street": (90, 200)})]),
    }


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> FullReport:
    """A report with everything in it."""
    models_dir = tmp_path_factory.mktemp("models")
    card = replace(make_card(), recipe=RecipeUsed("csv-1-two-blocks", 60, 7))
    evaluation = put_evaluation(
        models_dir, card, {"PrivateTest": private_test()}, parts=all_parts(3589)
    )
    claims = check_claims(Evidence([card], {"csv-1-two-blocks": 0.58}))
    return build_report(models_dir, evaluation, replace(AROUND, claims=claims))


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> FullReport:
    """A report on 60 pictures of nobody's dataset, answers alone."""
    models_dir = tmp_path_factory.mktemp("models")
    answers = {"held out": make_answers(some_right(60, seed=1))}
    return build_report(models_dir, put_evaluation(models_dir, make_card(), answers), AROUND)


class Tags(HTMLParser):
    """Every tag of a page with its attributes, and whether all that open close."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in {"meta", "img", "br"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_fetches_nothing_and_runs_nothing(full: FullReport) -> None:
    page = to_html(full)
    parsed = Tags(page)
    assert parsed.open == []
    assert "script" not in {tag for tag, _ in parsed.tags}
    own_words = re.sub(r"base64,[^\"]+", "", page)
    assert not re.search(r"https?:|//[a-z]|url\(|@import", own_words)
    for tag, attributes in parsed.tags:
        assert not any(name.startswith("on") for name in attributes), tag
        for name in ("src", "href", "xlink:href"):
            assert attributes.get(name, "data:").startswith("data:image/png;base64,") or (
                name not in attributes
            )
    policy = next(one["content"] for tag, one in parsed.tags if one.get("http-equiv"))
    assert policy.startswith("default-src 'none'")


def test_names_of_strangers_are_words_and_not_tags(full: FullReport) -> None:
    assert full.card.data is not None
    made = RecipeUsed(EVIL, changes={EVIL: EVIL})
    data = replace(full.card.data, dataset=EVIL)
    card = replace(full.card, recipe=made, data=data, limits=(EVIL,), not_for=(EVIL,))
    evaluation = replace(full.evaluation, dataset=EVIL, together=EVIL, notes=(EVIL,))
    evil = replace(full, card=card, evaluation=evaluation, recipe={EVIL: EVIL})
    page = to_html(evil)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    text = to_markdown(evil)
    assert "<script" not in text
    assert json.loads(to_json(evil))["model"]["recipe"]["name"] == EVIL


def test_labels_splits_and_groups_of_strangers_are_words_and_not_tags(tmp_path: Path) -> None:
    scheme = LabelScheme(EVIL, tuple(f"{EVIL} {number}" for number in range(3)))
    answers = make_answers(some_right(90, seed=1), scheme=scheme)
    report = replace(make_report(EVIL), dataset=EVIL)
    card = replace(make_card(), scheme=scheme, reports=(report,))
    groups = write_groups([make_groups({EVIL: (150, 200), "street": (90, 200)})])
    evaluation = put_evaluation(tmp_path, card, {EVIL: answers}, parts={GROUPS_FILE: groups})
    evil = build_report(tmp_path, evaluation, AROUND)
    for text in (to_html(evil), to_markdown(evil)):
        assert "<script" not in text
        assert text.count("&lt;script&gt;") > 10


def test_the_page_has_every_part_of_the_evaluation(full: FullReport) -> None:
    page = to_html(full)
    for heading in (
        "Summary",
        "Not for",
        "Confusion matrix",
        "Calibration",
        "Without duplicates of training pictures",
        "Agreement with ten raters",
        "Saliency",
        "Robustness",
        "Compared with published models",
        "Claims of the recipe",
        "Training history",
        "Classes: confident or stressed",
        "By picture quality",
        "share of usable faces",
        "Declared groups",
    ):
        assert heading in page, heading
    maps = [one for tag, one in Tags(page).tags if tag == "img"]
    assert len(maps) == 6, "a class without maps has none"
    assert "2,500" not in page
    assert "69.7 % [68.1, 71.1]" in page


def test_what_was_not_measured_has_no_part(bare: FullReport) -> None:
    page = to_html(bare)
    for heading in (
        "Saliency",
        "<h2>Robustness",
        "Compared with published",
        "Claims of the recipe",
    ):
        assert heading not in page
    assert "was not measured" in " ".join(limits(bare))


def test_findings_follow_from_the_figures(full: FullReport) -> None:
    told = findings(full)
    assert told[0].startswith(
        "small has an accuracy of 69.7 % [68.1, 71.1] (95 % CI) on 3,589 pictures of PrivateTest"
    )
    assert "always predicting happy would reach 24.5 %" in told[0]
    assert any(one.startswith("Accuracy without 100 duplicates") for one in told)
    assert any("published figures" in one for one in told)
    (harmed,) = [one for one in told if one.startswith("Accuracy drops")]
    assert harmed.startswith("Accuracy drops significantly with ")
    assert CORRUPTIONS["blur"].from_here(2) in harmed
    assert told[-1].startswith("site: The groups differ significantly")
    assert [one for one in told if pointers(one)] == []  # page, card and numbers share them


def test_an_abbreviation_keeps_its_capitals_in_the_middle_of_a_sentence(full: FullReport) -> None:
    assert full.robustness is not None
    falling = next(one for one in full.robustness.curves if one.falls_at is not None)
    robust = replace(full.robustness, curves=(replace(falling, name="jpeg"),))
    (harmed,) = [one for one in findings(replace(full, robustness=robust)) if "drops" in one]
    assert harmed.startswith("Accuracy drops significantly with JPEG compression (")


def _limits_on_few(report: FullReport) -> list[str]:
    return [one for one in limits(report) if one.startswith("Few pictures, so wide intervals")]


def test_few_pictures_are_a_limit_whatever_words_the_card_has(bare: FullReport) -> None:
    assert len(_limits_on_few(bare)) == 1
    card = replace(bare.card, limits=("Few pictures of it show older people.",))
    assert _limits_on_few(replace(bare, card=card)) == _limits_on_few(bare)


def test_few_pictures_that_the_card_states_are_a_limit_once(bare: FullReport) -> None:
    few = {row.label: row.support for row in bare.first.figures.per_class if row.support < 100}
    rows = tuple(ClassScores(label, 0.5, 0.5, 0.5, count) for label, count in few.items())
    card = replace(bare.card, reports=(replace(make_report(), per_class=rows),))
    assert len(_limits_on_few(replace(bare, card=card))) == 1
    others = (replace(rows[0], support=rows[0].support + 1), *rows[1:])
    other = replace(bare.card, reports=(replace(make_report(), per_class=others),))
    assert len(_limits_on_few(replace(bare, card=other))) == 2


def test_the_numbers_are_those_of_the_report(full: FullReport) -> None:
    read = json.loads(to_json(full))
    assert (read["kind"], read["version"]) == ("evaluation report", 2)
    judged = read["evaluation"]["protocols"]["PrivateTest"]
    assert judged["accuracy"]["value"] == pytest.approx(2500 / 3589)
    assert np.trace(judged["confusion"]) == 2500
    assert read["without_repeats"]["PrivateTest"]["repeats"] == {"Training": 100}
    assert read["model"]["name"] == "small"
    assert len(read["history"]) == 3
    assert read["claims"][0]["outcome"] == "reproduced"
    assert {line["name"] for line in read["published"]} >= {"small", "ResEmoteNet"}


def test_the_model_card_has_the_headings_of_mitchell_and_others(full: FullReport) -> None:
    text = to_markdown(full)
    headings = re.findall(r"^## (.+)$", text, re.M)
    assert headings == [
        "Model details",
        "Intended use",
        "Factors",
        "Metrics",
        "Evaluation data",
        "Training data",
        "Quantitative analyses",
        "Ethical considerations",
        "Caveats and recommendations",
    ]
    assert "5e5e5e" in text, "the hash of the data"
    assert "Deciding about a person" in text


def test_tables_of_the_model_card_keep_their_columns(full: FullReport) -> None:
    strange = replace(full.card, recipe=RecipeUsed("a | b"))
    text = to_markdown(replace(full, card=strange))
    assert r"a \| b" in text
    tables = re.findall(r"(?:^\|.*\|$\n?)+", text, re.M)
    assert len(tables) > 6
    for table in tables:
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in table.strip().splitlines()}
        assert len(widths) == 1, table


def test_a_model_without_an_evaluation_is_an_error_with_advice(tmp_path: Path) -> None:
    put_evaluation(tmp_path, make_card(), {"Test": make_answers(some_right(9, seed=1))})
    assert chosen_evaluation(tmp_path, "small").slug == "fer2013-one"
    with pytest.raises(UnknownModel, match="no evaluation"):
        chosen_evaluation(tmp_path, "small", "other")
    (tmp_path / "small" / "evaluations" / "fer2013-one" / "evaluation.json").unlink()
    with pytest.raises(UnknownModel, match="not been evaluated yet") as refused:
        chosen_evaluation(tmp_path, "small")
    assert "python -m core evaluate small" in refused.value.advice
    with pytest.raises(UnknownModel, match="no model"):
        chosen_evaluation(tmp_path, "none")


def test_one_view_on_its_own_dataset_is_the_default_evaluation(tmp_path: Path) -> None:
    answers = {"Test": make_answers(some_right(9, seed=1))}
    for slug, views in (("a-flip", "flip"), ("b-one", "one"), ("c-ten", "ten-crop")):
        put_evaluation(tmp_path, make_card(), answers, slug=slug, views=views)
    assert chosen_evaluation(tmp_path, "small").slug == "b-one"


def test_a_damaged_part_is_named(tmp_path: Path) -> None:
    evaluation = put_evaluation(
        tmp_path,
        make_card(),
        {"PrivateTest": private_test()},
        parts={ROBUSTNESS_FILE: b"{}"},
    )
    with pytest.raises(DamagedModel, match="conditions"):
        build_report(tmp_path, evaluation, AROUND)


def test_several_protocols_stand_side_by_side(tmp_path: Path) -> None:
    answers = {name: make_answers(some_right(90, seed=at), seed=at)
               for at, name in enumerate(("PublicTest", "PrivateTest"))}  # fmt: skip
    report = build_report(tmp_path, put_evaluation(tmp_path, make_card(), answers), AROUND)
    names = [one.name for one in report.protocols]
    assert names == ["PrivateTest", "PublicTest + PrivateTest", "PublicTest"]
    assert all(name in to_html(report) for name in names)
    protocols = json.loads(to_json(report))["evaluation"]["protocols"]
    assert set(protocols) == set(names)


@pytest.mark.parametrize("count", [1, 2, 40])
@pytest.mark.parametrize("scheme", [FER7, CONFIDENT2])
def test_every_file_is_written_however_few_pictures_were_evaluated(
    tmp_path: Path, count: int, scheme: LabelScheme
) -> None:
    answers = make_answers(some_right(count, seed=2), scheme=scheme)
    if count == 2:
        answers.labels[:] = 0  # pictures of one class only
    card = replace(make_card(), scheme=scheme, reports=())
    report = build_report(tmp_path, put_evaluation(tmp_path, card, {"Test": answers}), AROUND)
    assert Tags(to_html(report)).open == []
    assert json.loads(to_json(report))["evaluation"]["protocols"]["Test"]["pictures"] == count
    assert to_markdown(report).startswith("# Model card: small")


def test_several_models_that_answer_as_one_are_named(full: FullReport, tmp_path: Path) -> None:
    evaluation = put_evaluation(tmp_path, full.card, {"PrivateTest": private_test()})
    several = replace(evaluation, together="both", source={"models": ["small", "small"]})
    report = build_report(tmp_path, several, replace(AROUND, claims=full.claims))
    assert "small, small: the mean of their calibrated scores" in to_html(report)
    assert "2,000,000" in to_html(report), "the weights of both"
    assert report.claims == report.formats == ()


def test_an_answer_outlives_one_of_the_models_that_gave_it_together(
    full: FullReport, tmp_path: Path
) -> None:
    evaluation = put_evaluation(tmp_path, full.card, {"PrivateTest": private_test()})
    several = replace(evaluation, together="both", source={"models": ["small", "gone"]})
    report = build_report(tmp_path, several, AROUND)
    assert report.cost.weights is None, "what it takes is known of one of them only"
    assert "small, gone: the mean of their calibrated scores" in to_html(report)
    assert json.loads(to_json(report))["evaluation"]["protocols"]["PrivateTest"]["pictures"] == 3589
