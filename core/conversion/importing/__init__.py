"""Models from elsewhere: checked before they are opened, then asked, then registered."""

from core.conversion.importing.adjust import (
    is_evaluated,
    keep_input,
    predictions_by_scaling,
    predictions_on_drawn,
    remove_import,
)
from core.conversion.importing.drawn_faces import DrawnFacePredictions
from core.conversion.importing.kinds import ENDINGS
from core.conversion.importing.label_file import ORDERS, read_labels
from core.conversion.importing.plan import MOST_BYTES, ImportPlan
from core.conversion.importing.upload import (
    discard_model_upload,
    keep_description,
    keep_model_upload,
)

__all__ = [
    "ENDINGS",
    "MOST_BYTES",
    "ORDERS",
    "DrawnFacePredictions",
    "ImportPlan",
    "discard_model_upload",
    "is_evaluated",
    "keep_description",
    "keep_input",
    "keep_model_upload",
    "predictions_by_scaling",
    "predictions_on_drawn",
    "read_labels",
    "remove_import",
]
