"""Measures made of other measures, gestures of the head, and those of a group."""

from __future__ import annotations

from core.measures.calibration import CalibrationPart
from core.measures.measure import Measure, Part

HEAD_GESTURES = Measure(
    id="head_gestures",
    version="1",
    title="Nods and shakes",
    definition=(
        "In windows of 2 s every 0.5 s: at least 3 reversals of pitch (nod) or yaw (shake), peak "
        "to peak at least 4 degrees of pitch or 6 of yaw, and at least twice the energy of the "
        "other axis."
    ),
    parts=(
        Part("nod", "", "0, 1", "a nod in the last 2 s", "nod"),
        Part("shake", "", "0, 1", "a shake of the head in the last 2 s", "shake"),
    ),
    limits=(
        "Detectors of this kind reach 78 to 85 %, and a nod means other things in other cultures: "
        "it is a movement, not agreement."
    ),
    window_s=2.0,
    least_rows_per_s=10.0,
    sources=("doi:10.1145/971478.971509",),
    reads=("pose",),
    basis_column="nods_basis",
)

ENGAGEMENT = Measure(
    id="engagement_index",
    version="1",
    title="Engagement index",
    definition=(
        "100 x (0.30 present + 0.35 facing + 0.20 eyes open + 0.15 expression change above the own "
        "neutral face), in the last 10 s; the weights can be changed."
    ),
    parts=(
        Part("index", "", "0 to 100", "weighted sum of the parts", "index"),
        Part("present", "fraction", "0 to 1", "share of time with a usable face", "index_present"),
        Part("facing", "fraction", "0 to 1", "share of time facing the screen", "index_facing"),
        Part("eyes_open", "fraction", "0 to 1", "share of time with open eyes", "index_eyes_open"),
        Part(
            "expression",
            "fraction",
            "0 to 1",
            "expression change above the own neutral face",
            "index_expression",
        ),
    ),
    limits=(
        "It is no measure of attention or learning: always read it with its parts, and with how "
        "often it would differ with slightly other weights; not for classrooms in the EU and EEA."
    ),
    window_s=10.0,
    needs=CalibrationPart.FACING,
    reads=("pose", "eyes_open", "blendshapes"),
    basis_column="index_basis",
)

CONCENTRATION = Measure(
    id="concentration_index",
    version="1",
    title="Concentration index",
    definition=(
        "The published formula (weight of the expression x weight of the gaze / 4.5), for "
        "comparison; off by default."
    ),
    parts=(Part("index", "", "0 to 100", "of the published formula"),),
    limits=(
        "Its weights and thresholds come from one preprint, and contradictory thresholds are in "
        "use: it is shown for comparison only."
    ),
    sources=("Preprint without DOI, arXiv:1909.12913",),
    reads=("pose", "scores"),
)

CONFUSION = Measure(
    id="confusion_candidate",
    version="1",
    title="Confusion candidate",
    definition=(
        "Lowered brows or tightened lids above the own face at rest for 2 s, while facing the "
        "screen."
    ),
    parts=(Part("is_candidate", "", "0, 1", "to confirm or reject", "confusion_candidate"),),
    limits=(
        "It is a marker for the person to confirm or reject: the same movement comes from bright "
        "light, effort and habit."
    ),
    window_s=2.0,
    needs=CalibrationPart.REST,
    reads=("blendshapes", "pose"),
    basis_column="confusion_basis",
)

SYNCHRONY = Measure(
    id="synchrony",
    version="1",
    title="Synchrony",
    definition=(
        "The largest cross-correlation within a lag of up to 2 s, mean over the pairs of faces, in "
        "windows of 10 s; compared with surrogates in which each person's windows are shuffled. "
        "For research, in groups of 5 or more."
    ),
    parts=(
        Part("z", "", "any", "mean correlation, in standard deviations of the surrogates'"),
        Part("p", "fraction", "0 to 1", "probability of so much by chance"),
        Part("correlation", "", "-1 to 1", "of each window"),
        Part("by_chance", "", "-1 to 1", "mean of each surrogate"),
    ),
    limits=(
        "People who see the same thing move alike without noticing each other: it says nothing "
        "about rapport, and nothing about any one person."
    ),
    window_s=10.0,
    sources=("Surrogates: Moulder et al. 2018, doi:10.1037/met0000172, PMC6163103",),
)

COMPOSITE_MEASURES = (HEAD_GESTURES, ENGAGEMENT, CONCENTRATION, CONFUSION, SYNCHRONY)
