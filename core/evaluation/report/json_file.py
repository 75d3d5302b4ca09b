"""A report as numbers for other programs.

The file is one JSON object; `version` counts up whenever a name or a meaning changes. An interval
is `{"value", "low", "high"}`, 95 %; every share is a fraction in [0, 1].

    kind              "evaluation report"
    version           2: the card's `recipe` and `data` are objects, without `dataset` and `changes`
    made_at           of the report, UTC, ISO 8601
    model             the card, as in card.json
    evaluation        model, dataset, content_hash, classes, views, made_at, notes, and `protocols`:
                      name -> pictures, note, the figures, the confusion matrix (rows: labels),
                      per_class and not_sure
    without_repeats   protocol -> repeats (split -> pictures that duplicate one of it) and accuracy
    fer_plus          agreement with human votes; null without them
    conditions        as in conditions.json; null where it was not measured
    seen_as           protocol -> mapping, classes, confusion, accuracy and auc of the last class
    groups            a list, as in groups.json
    history           a list: epoch, epochs, metrics
    recipe            entry -> value
    cost              weights, mmac, file_bytes, looks (views), ms, measured; null if not measured
    formats           as in formats.json
    published         lines: name, accuracy, weights, mark, placing, note; ours with interval
    claims            what, claimed, measured, outcome, sentence
    findings, limits, not_for, intended_use, ethics    sentences
"""

from __future__ import annotations

import json
from typing import Any

from core.domain.plain_values import parse_json, to_plain
from core.evaluation.report import sentences
from core.evaluation.report.content import FullReport, MappedFigures
from core.evaluation.scorecard.summary import summary_of

KIND = "evaluation report"
VERSION = 2


def to_json(report: FullReport) -> str:
    """The report as a JSON object; all its numbers are finite."""
    content = {
        "kind": KIND,
        "version": VERSION,
        "made_at": report.made_at,
        "model": report.card.to_json(),
        **_measured(report),
        **_training_and_cost(report),
        "published": to_plain(report.published),
        "claims": _claims(report),
        "findings": sentences.findings(report),
        "limits": sentences.limits(report),
        "not_for": report.card.not_for,
        "intended_use": sentences.intended_use(report),
        "ethics": sentences.ethics(report),
    }
    return json.dumps(content, allow_nan=False, ensure_ascii=False, indent=1) + "\n"


def _measured(report: FullReport) -> dict[str, Any]:
    robustness = report.robustness
    return {
        "evaluation": summary_of(report.evaluation, report.answers),
        "without_repeats": {
            one.name: {"repeats": one.duplicates, "accuracy": to_plain(one.without_duplicates)}
            for one in report.protocols
            if one.duplicates is not None
        },
        "seen_as": {
            one.name: _mapped(one.mapped) for one in report.protocols if one.mapped is not None
        },
        "fer_plus": to_plain(report.fer_plus),
        "conditions": None if robustness is None else parse_json(robustness.to_bytes()),
        "groups": to_plain(report.groups),
    }


def _training_and_cost(report: FullReport) -> dict[str, Any]:
    return {
        "history": to_plain(report.history),
        "recipe": dict(report.recipe),
        "cost": to_plain(report.cost),
        "formats": to_plain(report.formats),
    }


def _mapped(found: MappedFigures) -> dict[str, Any]:
    return {
        "mapping": found.name,
        "classes": found.figures.classes,
        "confusion": found.figures.counts.tolist(),
        "accuracy": to_plain(found.figures.accuracy),
        "auc": to_plain(found.auc),
    }


def _claims(report: FullReport) -> list[dict[str, Any]]:
    return [
        {
            "what": one.claim.what,
            "claimed": one.claimed,
            "measured": one.measured,
            "outcome": one.outcome.value,
            "sentence": one.sentence,
        }
        for one in report.claims
    ]
