"""The report on a model: a page to print, numbers for programs, a model card."""

from core.evaluation.reporting.content import FullReport
from core.evaluation.reporting.gathering import Surroundings, chosen_evaluation, gather
from core.evaluation.reporting.model_card import to_markdown
from core.evaluation.reporting.numbers_file import to_json
from core.evaluation.reporting.web_page import to_html

__all__ = [
    "FullReport",
    "Surroundings",
    "chosen_evaluation",
    "gather",
    "to_html",
    "to_json",
    "to_markdown",
]
