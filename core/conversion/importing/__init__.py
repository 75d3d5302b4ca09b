"""Models from elsewhere: checked before they are opened, then asked, then registered."""

from core.conversion.importing.adjust import (
    is_judged,
    keep_input,
    remove_import,
    said_of_drawn,
    said_with_each_scaling,
)
from core.conversion.importing.drawn_faces import SaidOfDrawn
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
    "ImportPlan",
    "SaidOfDrawn",
    "discard_model_upload",
    "is_judged",
    "keep_description",
    "keep_input",
    "keep_model_upload",
    "read_labels",
    "remove_import",
    "said_of_drawn",
    "said_with_each_scaling",
]
