"""The measures of one face: where it points, eyes, mouth, how much it moves, what it shows."""

from __future__ import annotations

from core.measures.calibration import CalibrationPart
from core.measures.measure import Measure, Part
from core.measures.signals.blinks import LEAST_ROWS_PER_S, measure_blinks
from core.measures.signals.confidence import has_two_classes, measure_confidence
from core.measures.signals.expressiveness import measure_expressiveness
from core.measures.signals.eyes import measure_eyes
from core.measures.signals.facing import measure_facing
from core.measures.signals.mouth_moving import measure_mouth
from core.measures.signals.smile import measure_smile
from core.measures.signals.tension import measure_tension

_NO_POSE = "the head's pose is not known in this row"

FACING = Measure(
    id="facing",
    version="2",
    title="Facing the screen",
    definition=(
        "The angle between the direction of the head and the own centre is at most the own cone "
        "(not calibrated: 25 degrees around the camera). It begins once that has lasted 1 s, and "
        "ends once it has been otherwise for 2 s. A head that is turned away counts as measured."
    ),
    parts=(
        Part("share", "fraction", "0 to 1", "share of the last 10 s", "facing_share_10s"),
        Part("held", "", "0, 1", "after 1 s on, after 2 s off", "facing_held", _NO_POSE),
        Part(
            "now", "", "0, 1", "in this row alone; by yaw where pitch is empty", "facing", _NO_POSE
        ),
    ),
    limits=(
        "It is where the head points, not where the eyes look, and says nothing about attention."
    ),
    window_s=10.0,
    needs=(CalibrationPart.FACING,),
    sources=(
        "The head gives 69 % of the direction of gaze: Stiefelhagen & Zhu 2002, "
        "doi:10.1145/506443.506634",
    ),
    reads=("pose",),
    basis_column="facing_basis",
    compute=measure_facing,
)

EYES = Measure(
    id="eyes",
    version="2",
    title="Eyes closed (PERCLOS)",
    definition=(
        "Both blink shapes, rescaled between own open and own closed eyes (not calibrated: between "
        "those of still faces). Lids that are at least 80 % closed count as closed. Not measured "
        "while the eyes look down (eyeLookDown over 0.6): that looks like closing."
    ),
    parts=(
        Part(
            "perclos",
            "fraction",
            "0 to 1",
            "share of the last 60 s with eyes closed",
            "perclos_60s",
        ),
        Part(
            "closure",
            "fraction",
            "0 open to 1 closed",
            "lids in this row",
            "lids_closed",
            "the face is not usable in this row, or looks down",
        ),
        Part("is_open", "", "0, 1", "less than 80 % closed in this row"),
    ),
    limits=(
        "PERCLOS was validated for drowsiness, not for inattention; closed eyes may listen, and in "
        "sessions without stored blendshapes looking down counts too."
    ),
    window_s=60.0,
    needs=(CalibrationPart.EYES,),
    sources=("P80: Wierwille et al. 1994, DOT HS 808 247",),
    reads=("eyes_open",),
    basis_column="eyes_basis",
    compute=measure_eyes,
)

BLINKS = Measure(
    id="blinks",
    version="1",
    title="Blinks",
    definition=(
        "Peaks of both blink shapes in own robust standard deviations (SD) above the own open eye, "
        "with a prominence of at least 5 SD, that last 50 to 400 ms at half their height; those of "
        "the last 60 s."
    ),
    parts=(Part("per_minute", "per minute", "0 or more", "of the last 60 s", "blinks_per_min"),),
    limits=(
        "Blinks are more or fewer with light, screens, talking and tiredness: a rate has no one "
        "meaning, and short blinks are missed at low frame rates."
    ),
    window_s=60.0,
    needs=(CalibrationPart.REST,),
    least_rows_per_s=LEAST_ROWS_PER_S,
    sources=("Blink peaks by prominence: doi:10.21105/joss.06425",),
    reads=("blendshapes",),
    basis_column="blinks_basis",
    compute=measure_blinks,
)

SMILE = Measure(
    id="smile",
    version="1",
    title="Smile",
    definition=(
        "Mean of both mouthSmile shapes minus the own median at rest, over the last second; "
        "smiling from 0.2 on."
    ),
    parts=(
        Part("smile", "fraction", "-1 to 1", "above the own face at rest", "smile"),
        Part("is_smiling", "", "0, 1", "smile of at least 0.2", "smiling"),
    ),
    limits=(
        "It never says that a smile is genuine: eye constriction adds nothing specific to it, and "
        "a smile may be polite, embarrassed or happy."
    ),
    window_s=1.0,
    needs=(CalibrationPart.REST,),
    sources=("Girard et al. 2021, doi:10.1007/s42761-020-00030-w",),
    reads=("blendshapes",),
    basis_column="smile_basis",
    compute=measure_smile,
)

MOUTH = Measure(
    id="mouth_moving",
    version="1",
    title="Mouth moving",
    definition=(
        "Standard deviation of the inner lip gap over the height of the face, in the last 3 s; "
        "moving from 0.01 on, and from three times the own deviation at rest where that is known."
    ),
    parts=(
        Part("is_moving", "", "0, 1", "deviation at or above the threshold", "mouth_moving"),
        Part("sd", "fraction", "0 or more", "standard deviation of lip_gap", "lip_gap_sd_3s"),
    ),
    limits=(
        "Chewing, yawning and laughing move the mouth too: only a microphone that agrees makes "
        "speaking of it."
    ),
    window_s=3.0,
    reads=("lip_gap",),
    basis_column="mouth_basis",
    compute=measure_mouth,
)

EXPRESSIVENESS = Measure(
    id="expressiveness",
    version="2",
    title="Expressiveness",
    definition=(
        "Mean over 32 blendshapes of how far each is above the own median, in its own range (5th "
        "to 95th percentile), 0 where below; over the usable seconds of the last 10 s. Medians are "
        "those of the calibration, or of the face's last 10 min; ranges those of its last 10 min; "
        "until 60 usable seconds are known, of still faces (not calibrated). "
        "While the mouth speaks (standard deviation of jawOpen of 0.05 in 3 s), brows and eyes "
        "alone. The percentile of a second is the share of the face's own earlier seconds, of "
        "these 10 min, that are below it, and half of those that differ by no more than noise "
        "(0.01): seconds with speech by brows and eyes, others by all shapes; mean over the last "
        "10 s."
    ),
    parts=(
        Part("mean", "ranges", "0 or more", "activity of the face", "expressiveness"),
        Part("sd", "ranges", "0 or more", "its standard deviation", "expressiveness_sd"),
        Part("active", "fraction", "0 to 1", "share of time", "expressiveness_active"),
        Part("upper", "ranges", "0 or more", "brows and eyes", "expressiveness_upper"),
        Part(
            "lower",
            "ranges",
            "0 or more",
            "jaw and mouth, silent",
            "expressiveness_lower",
            "the mouth speaks in all of these seconds",
        ),
        Part(
            "percentile",
            "fraction",
            "0 to 1",
            "share of the own earlier seconds that these are above",
            "expressiveness_percentile",
            "fewer than 60 usable seconds of the face are known, or 30 earlier ones of the kind",
        ),
    ),
    limits=(
        "It is how much a face moves compared with itself, not how much a person feels, and not "
        "comparable between persons; nor is its percentile."
    ),
    window_s=10.0,
    needs=(CalibrationPart.REST,),
    reads=("blendshapes",),
    basis_column="expressiveness_basis",
    compute=measure_expressiveness,
)

TENSION = Measure(
    id="tension",
    version="1",
    title="Tension",
    definition=(
        "Mean of browDown, mouthPress and mouthRoll, each in own robust standard deviations (SD: "
        "1.4826 x median absolute deviation) above the own median at rest (not calibrated: those "
        "of still neutral faces), over the last 10 s."
    ),
    parts=(
        Part(
            "tension",
            "SD",
            "about -1 to 50",
            "mean of brows lowered, lips pressed and lips rolled in",
            "tension",
        ),
        Part("brow", "SD", "about -1 to 50", "brows lowered", "tension_brow"),
        Part("press", "SD", "about -1 to 50", "lips pressed", "tension_press"),
        Part("roll", "SD", "about -1 to 50", "lips rolled in", "tension_roll"),
    ),
    limits=(
        "It is the change from the own calm face and never a verdict: faces correlate about 0.24 "
        "with stress that people report, and concentration, bright light and talking raise it too."
    ),
    window_s=10.0,
    needs=(CalibrationPart.REST,),
    sources=(
        "0.24, of 40 men who spoke before others: “Automatic detection of subjective, annotated "
        "and physiological stress responses from video data”, ACII 2022",
    ),
    reads=("blendshapes",),
    basis_column="tension_basis",
    compute=measure_tension,
)

CONFIDENCE = Measure(
    id="confident_stressed",
    version="1",
    title="Confident or stressed",
    definition=(
        "The model's calibrated scores, summed to two classes (confident: happy, neutral; "
        "stressed: fear, angry, sad; surprise and disgust are left out), or those of a two-class "
        "model; mean of the last second."
    ),
    parts=(
        Part("confident", "fraction", "0 to 1", "probability, smoothed", "confident_1s"),
        Part("stressed", "fraction", "0 to 1", "probability, smoothed", "stressed_1s"),
    ),
    limits=(
        "It is what the face shows, not what a person feels; read it beside the person's own "
        "report."
    ),
    window_s=1.0,
    reads=("scores",),
    fits_labels=has_two_classes,
    basis_column="confident_basis",
    compute=measure_confidence,
)

FACE_MEASURES = (FACING, EYES, BLINKS, SMILE, MOUTH, EXPRESSIVENESS, TENSION, CONFIDENCE)
