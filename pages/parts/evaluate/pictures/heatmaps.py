"""Maps over pictures, side by side, with the scale of their colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from core.datasets.report import data_uri
from core.evaluation.explain import LESS, MORE, inferno

_STEPS = 8
_STYLE = """<style>
.mien-maps { display: grid; gap: 16px 14px; grid-template-columns: repeat(auto-fill,
  minmax(LEASTpx, 1fr)); max-width: COLUMNSpx; }
.mien-maps figure { margin: 0; }
.mien-maps img { width: 100%; border-radius: 8px; display: block; }
.mien-maps figcaption { font-size: 0.85rem; line-height: 1.4; padding-top: 4px; }
.mien-maps figcaption span { display: block; opacity: 0.8; font-size: 0.8rem; }
.mien-scale { display: flex; align-items: center; gap: 8px; font-size: 0.8rem; margin-top: 10px; }
.mien-scale i { width: 120px; height: 8px; border-radius: 4px; display: inline-block; }
</style>"""


@dataclass(frozen=True, eq=False)
class MapFigure:
    """One picture with its words.

    Attributes:
        picture: uint8, grey `(size, size)` or RGB `(size, size, 3)`.
        title, words: below it.
        more: below that.
    """

    picture: NDArray[np.uint8]
    title: str
    words: str
    more: str = ""


def maps_html(figures: Sequence[MapFigure], *, least_px: int = 130, largest_px: int = 220) -> str:
    """The pictures beside each other, in as many rows as the page needs.

    Args:
        least_px, largest_px: how wide each may become.
    """
    style = _STYLE.replace("COLUMNS", str(len(figures) * (largest_px + 14)))
    style = style.replace("LEAST", str(least_px))
    shown = "".join(_figure(one) for one in figures)
    return f'{style}<div class="mien-maps">{shown}</div>'


def scale_html() -> str:
    """What the colours of a map mean."""
    stops = ["rgba(127,127,127,0.45)"]
    stops += [_css(colour) for colour in inferno(np.linspace(0.2, 1.0, _STEPS))]
    return _scale("low saliency", stops, "high saliency")


def signed_scale_html() -> str:
    """What the colours of a map of differences mean."""
    stops = [_css(LESS), "rgba(127,127,127,0.45)", _css(MORE)]
    return _scale("less than for other classes", stops, "more")


def _scale(low: str, stops: Sequence[str], high: str) -> str:
    bar = f'<i style="background: linear-gradient(90deg, {", ".join(stops)})"></i>'
    return f'<div class="mien-scale"><span>{low}</span>{bar}<span>{high}</span></div>'


def _figure(one: MapFigure) -> str:
    title, words, more = (escape(part) for part in (one.title, one.words, one.more))
    below = f"<span>{more}</span>" if more else ""
    return (
        f'<figure><img alt="{title}, {words}" src="{data_uri(one.picture)}">'
        f"<figcaption>{title}<span>{words}</span>{below}</figcaption></figure>"
    )


def _css(colour: NDArray[np.float64]) -> str:
    return f"rgb({', '.join(str(round(float(part))) for part in colour)})"
