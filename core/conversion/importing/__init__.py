"""Import of models trained elsewhere: inspected, tested, then registered.

What is refused, and the words for it: a file by its name in `refused_files`, a Keras file that
holds code in `safety_of_keras_files`, inputs and outputs in `inspection`, size and free space in
`job`, and a file that its runtime cannot open in `core.models.runtimes`.
"""

from core.conversion.importing.adjust import (
    is_evaluated,
    predictions_by_scaling,
    remove_import,
    set_input,
    synthetic_face_predictions,
)
from core.conversion.importing.importable_formats import (
    IMPORTED_FORMATS,
    IMPORTED_SUFFIXES,
    IMPORTERS,
)
from core.conversion.importing.label_file import ORDERS, read_labels
from core.conversion.importing.plan import MAX_BYTES, ImportPlan
from core.conversion.importing.synthetic_faces import SyntheticFacePredictions
from core.conversion.importing.upload import (
    discard_model_upload,
    keep_description,
    keep_model_upload,
)

__all__ = [
    "IMPORTED_FORMATS",
    "IMPORTED_SUFFIXES",
    "IMPORTERS",
    "MAX_BYTES",
    "ORDERS",
    "ImportPlan",
    "SyntheticFacePredictions",
    "discard_model_upload",
    "is_evaluated",
    "keep_description",
    "keep_model_upload",
    "predictions_by_scaling",
    "read_labels",
    "remove_import",
    "set_input",
    "synthetic_face_predictions",
]
