"""Explanations of a model: saliency, occlusion, sanity checks, and projections of its features."""

from core.evaluation.explain.embedding import (
    EMBEDDING_FILE,
    SOURCES,
    EmbeddingPart,
    read_embedding,
)
from core.evaluation.explain.heatmap import (
    LESS,
    MORE,
    inferno,
    mean_faces,
    overlaid,
    signed_overlaid,
    without_map,
)
from core.evaluation.explain.occlusion import (
    DEFAULT_PATCH,
    Occlusion,
    Patch,
    occlusion,
)
from core.evaluation.explain.plan import KIND, PERPLEXITY, ExplainPlan
from core.evaluation.explain.saliency import (
    GRAD_CAM,
    SALIENCY_FILE,
    MapChecks,
    SaliencyPart,
    class_specific,
    read_saliency,
    region_weights,
)
from core.evaluation.explain.uploaded_picture import UploadedFace, UploadedPicture, find_faces

__all__ = [
    "DEFAULT_PATCH",
    "EMBEDDING_FILE",
    "GRAD_CAM",
    "KIND",
    "LESS",
    "MORE",
    "PERPLEXITY",
    "SALIENCY_FILE",
    "SOURCES",
    "EmbeddingPart",
    "ExplainPlan",
    "MapChecks",
    "Occlusion",
    "Patch",
    "SaliencyPart",
    "UploadedFace",
    "UploadedPicture",
    "class_specific",
    "find_faces",
    "inferno",
    "mean_faces",
    "occlusion",
    "overlaid",
    "read_embedding",
    "read_saliency",
    "region_weights",
    "signed_overlaid",
    "without_map",
]
