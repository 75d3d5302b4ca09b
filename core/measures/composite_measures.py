"""Measures made of other measures, gestures of the head, and those of a group."""

from __future__ import annotations

from core.measures.calibration import CalibrationPart
from core.measures.index_weights import DEFAULT_WEIGHTS, INDEX_VERSION
from core.measures.measure import Measure, Part
from core.measures.signals.concentration import measure_concentration
from core.measures.signals.confusion import measure_confusion
from core.measures.signals.engagement import measure_engagement
from core.measures.signals.head_gestures import measure_head_gestures

HEAD_GESTURES = Measure(
    id="head_gestures",
    version="1",
    title="Nods and shakes",
    definition=(
        "In windows of 2 s every 0.5 s: at least 3 reversals of pitch (nod) or yaw (shake), peak "
        "to peak at least 4 degrees of pitch or 6 of yaw, and at least twice the energy of the "
        "other axis; all about the window's own linear trend, and peak to peak of the angle itself "
        "too. A way back of less than a quarter of the least peak to peak is no reversal."
    ),
    parts=(
        Part("nod", "", "0, 1", "a nod in the last 2 s", "nod"),
        Part("shake", "", "0, 1", "a shake of the head in the last 2 s", "shake"),
        Part("pitch_deg", "degrees", "0 or more", "peak to peak of pitch"),
        Part("yaw_deg", "degrees", "0 or more", "peak to peak of yaw"),
        Part("pitch_reversals", "", "0 or more", "reversals of pitch"),
        Part("yaw_reversals", "", "0 or more", "reversals of yaw"),
        Part(
            "pitch_energy_share",
            "fraction",
            "0 to 1",
            "pitch of the energy of both",
            empty_when="the head holds still",
        ),
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
    compute=measure_head_gestures,
)

ENGAGEMENT = Measure(
    id="engagement_index",
    version=INDEX_VERSION,
    title="Engagement index",
    definition=(
        f"100 x ({DEFAULT_WEIGHTS.present:.2f} present + {DEFAULT_WEIGHTS.facing:.2f} facing + "
        f"{DEFAULT_WEIGHTS.eyes_open:.2f} eyes open + {DEFAULT_WEIGHTS.expression:.2f} expression "
        "change above the own neutral face), in the last 10 s; empty where one of them is. The "
        "weights can be changed; only their ratios matter."
    ),
    parts=(
        Part("index", "", "0 to 100", "weighted sum of the parts", "index"),
        Part("present", "fraction", "0 to 1", "share of time in view", "index_present"),
        Part("facing", "fraction", "0 to 1", "share of time facing the screen", "index_facing"),
        Part("eyes_open", "fraction", "0 to 1", "share of time with open eyes", "index_eyes_open"),
        Part(
            "expression",
            "fraction",
            "0 to 1",
            "mean of 32 blendshapes above the face at rest, over that of an expressive still face",
            "index_expression",
        ),
    ),
    limits=(
        "It is no measure of attention or learning: always read it with its parts, and with how "
        "often it would differ with slightly other weights; not for classrooms in the EU and EEA."
    ),
    window_s=10.0,
    needs=(CalibrationPart.FACING, CalibrationPart.EYES, CalibrationPart.REST),
    reads=("pose", "eyes_open", "blendshapes"),
    basis_column="index_basis",
    compute=measure_engagement,
)

CONCENTRATION = Measure(
    id="concentration_index",
    version="1",
    title="Concentration index",
    definition=(
        "The published formula, for comparison, off by default: weight of the expression (neutral "
        "0.9, happy and surprise 0.6, sad and fear 0.3, angry 0.25, disgust 0.2) x weight of the "
        "gaze (5 ahead, 2 elsewhere, 1.5 with half-open eyes, 0 with closed ones) / 4.5. The "
        "direction of the head stands for that of the gaze."
    ),
    parts=(
        Part("index", "", "0 to 100", "100 x the published formula"),
        Part("emotion_weight", "", "0.2 to 0.9", "of the expression shown"),
        Part("gaze_weight", "", "0 to 5", "of head and lids"),
    ),
    limits=(
        "Its weights and thresholds come from one preprint, and contradictory thresholds are in "
        "use: it is shown for comparison only."
    ),
    sources=("Preprint without DOI, arXiv:1909.12913",),
    reads=("pose", "eyes_open", "scores"),
    compute=measure_concentration,
)

CONFUSION = Measure(
    id="confusion_candidate",
    version="1",
    title="Confusion candidate",
    definition=(
        "Brows lowered (browDown) or lids tightened (eyeSquint) by at least 3 own robust SD above "
        "the own face at rest, mean of the last 2 s, of which at least 90 % facing the screen. "
        "Empty without calibration."
    ),
    parts=(
        Part("is_candidate", "", "0, 1", "to confirm or reject", "confusion_candidate"),
        Part("brow", "SD", "any", "brows lowered"),
        Part("lid", "SD", "any", "lids tightened"),
        Part("facing", "fraction", "0 to 1", "share of the last 2 s"),
    ),
    limits=(
        "It is a marker for the person to confirm or reject: the same movement comes from bright "
        "light, effort and habit."
    ),
    window_s=2.0,
    needs=(CalibrationPart.REST,),
    reads=("blendshapes", "pose"),
    basis_column="confusion_basis",
    only_calibrated=True,
    compute=measure_confusion,
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
