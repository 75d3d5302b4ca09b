"""Pictures beside a training's curves: as its recipe augments them, and as it predicts them."""

from __future__ import annotations

from html import escape

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.datasets.report import data_uri
from core.domain import LabelScheme, PictureSet, Run, SamplesSeen
from core.domain.counted import counted
from core.domain.run import PREVIEW_KIND
from core.training import TrainingPlan
from core.training.inputs import labelled_only
from core.training.monitoring import Preview, PreviewPlan, find_preview
from pages.parts.shell import cached as shell_cached
from pages.parts.shell import error_box, fragments, run_panel, session_state
from pages.parts.shell.theme import expression_word, percent, plain
from pages.parts.train import cached as train_cached

_LOOK_EVERY_S = 1.0
_SIZES = _FIRST, _LAST = "First epochs", "Last epochs"
_CHANGES_STYLE = """<style>
.mien-changes { display: grid; gap: 8px;
  grid-template-columns: repeat(COLUMNS, minmax(40px, 92px)); }
.mien-changes figure { margin: 0; }
.mien-changes figure:nth-child(COLUMNSn + 1) { padding-right: 8px;
  border-right: 1px solid rgba(127, 127, 127, 0.6); }
.mien-changes img { width: 100%; border-radius: 6px; display: block; }
.mien-changes figcaption { font-size: 0.75rem; }
</style>"""
_SAMPLES_STYLE = """<style>
.mien-samples { display: grid; gap: 10px;
  grid-template-columns: repeat(6, minmax(48px, 120px)); }
.mien-samples figure { margin: 0; }
.mien-samples img { width: 100%; border-radius: 6px; display: block; }
.mien-samples figcaption { font-size: 0.8rem; line-height: 1.35; }
.mien-samples figcaption span { display: block; opacity: 0.8; }
</style>"""


def draw_preview(plan: TrainingPlan) -> None:
    """What a plan's augmentation makes of eight training pictures, drawn when asked for.

    A worker draws them, which takes some seconds; the page goes on meanwhile.

    Raises:
        DatasetError: the plan's dataset cannot be read.
    """
    dataset = train_cached.dataset_of(plan)
    asked = PreviewPlan.of(plan, content=dataset.content_hash)

    waits = _is_under_way(asked)

    @fragments.fragment(run_every=_LOOK_EVERY_S if waits else None)
    @error_box.on_error()
    def view() -> None:
        if waits and not _is_under_way(asked):
            st.rerun()  # once: it stops the timer
        with error_box.on_error():
            found = find_preview(shell_cached.settings().runs_dir, asked)
            if found is not None:
                _draw_changes(found, asked, dataset.scheme)
            elif _is_under_way(asked):
                st.caption("Augmenting pictures … this takes a few seconds.")
            else:
                _draw_ask(asked)

    view()


def _is_under_way(asked: PreviewPlan) -> bool:
    """Whether a worker of this visitor draws exactly this."""
    run = _drawing(asked)
    return run is not None and not run.status.is_over


def _drawing(asked: PreviewPlan) -> Run | None:
    run_id = session_state.preview_run.get()
    if run_id is None or shell_cached.plan_of(run_id) != asked.to_json():
        return None
    return run_panel.current_run(run_id)


def _draw_ask(asked: PreviewPlan) -> None:
    run = _drawing(asked)
    if run is not None and run.finished is not None and run.finished.error:
        error_box.show_message(run.finished.error, run.finished.advice)
    if st.button(
        "Preview augmentation",
        key="preview-start",
        icon=":material/auto_fix_high:",
        help="Writes eight pictures of the dataset, augmented, into the data folder. "
        "Later previews replace them.",
    ):
        session_state.preview_run.set(run_panel.start_run(PREVIEW_KIND, asked.to_json()))
        st.rerun()


def _draw_changes(found: Preview, asked: PreviewPlan, scheme: LabelScheme) -> None:
    first = False
    if found.has_two_sizes:
        chosen = st.segmented_control(
            "Size", _SIZES, default=_LAST, required=True, key=f"preview-size-{asked.key}", wrap=True
        )
        first = chosen == _FIRST
    st.caption(plain(changes_sentence(found, asked, first=first)))
    st.html(changes_html(found, scheme, first=first))


def draw_samples(run: Run) -> None:
    """What a run's network predicts for the sample pictures, after its last epoch.

    Nothing is drawn before the first epoch, or where the pictures are not here any more.

    Raises:
        MienError: the run's dataset cannot be read.
    """
    if run.samples is None:
        return
    plan = TrainingPlan.from_json(shell_cached.plan_of(run.id))
    dataset = labelled_only(train_cached.dataset_of(plan))
    places = dataset.positions(dataset.required_protocol.validation)
    if max(run.samples.positions, default=-1) >= len(places):
        st.caption("The sample pictures are not shown: the dataset has changed since.")
        return
    pictures = dataset.pictures.take(places[run.samples.positions])
    st.markdown(plain(samples_sentence(run.samples, pictures)))
    st.html(samples_html(run.samples, pictures, dataset.scheme))


def changes_html(preview: Preview, scheme: LabelScheme, *, first: bool = False) -> str:
    """A row a picture: as it is, then its augmented versions.

    Args:
        first: at the size of the first epoch instead of the last.
    """
    augmented = preview.first if first else preview.final
    figures = []
    for original, label, versions in zip(preview.originals, preview.labels, augmented, strict=True):
        word = expression_word(scheme.labels[int(label)])
        figures.append(_figure(original, word, escape(word)))
        figures += [_figure(one, f"{word}, augmented", "") for one in versions]
    style = _CHANGES_STYLE.replace("COLUMNS", str(augmented.shape[1] + 1))
    return f'{style}<div class="mien-changes">{"".join(figures)}</div>'


def changes_sentence(preview: Preview, plan: PreviewPlan, *, first: bool = False) -> str:
    """What is seen, in words."""
    change, size_px = plan.parsed_augmentation, plan.sizes_px[0 if first else 1]
    versions = preview.final.shape[1]
    if not any(value for name, value in vars(change).items() if name != "mixup_alpha"):
        return f"No augmentation: every epoch sees the same pictures, at {size_px} px."
    mixed = " Mixup overlays two faces." if change.mixup_share else ""
    return (
        f"Left of the line: the original. Right of it: {counted(versions, 'augmented version')}, "
        f"one for each epoch, at {size_px} px, made by the training code.{mixed}"
    )


def samples_html(seen: SamplesSeen, pictures: PictureSet, scheme: LabelScheme) -> str:
    """Each picture with its label and prediction; a sign tells correct from wrong."""
    figures = []
    for pixels, label, scores in zip(pictures.pixels, pictures.labels, seen.scores, strict=True):
        said = int(np.argmax(scores))
        true_word, said_word = _word(scheme, int(label)), _word(scheme, said)
        sign = "✓" if said == label else "✗"
        told = f"{sign} {said_word} {percent(scores[said])}"
        caption = f"<span>{escape(true_word)}</span>{escape(told)}"
        figures.append(_figure(pixels, f"{true_word}, predicted {said_word}", caption))
    return f'{_SAMPLES_STYLE}<div class="mien-samples">{"".join(figures)}</div>'


def samples_sentence(seen: SamplesSeen, pictures: PictureSet) -> str:
    """How many are predicted correctly, in words."""
    right = int((np.argmax(seen.scores, axis=1) == pictures.labels).sum())
    return (
        f"After epoch {seen.epoch} the network predicts **{right} of these {len(pictures)}** "
        "correctly. They are not used for training. First line: label; second line: prediction."
    )


def _word(scheme: LabelScheme, label: int) -> str:
    return expression_word(scheme.labels[label])


def _figure(pixels: NDArray[np.uint8], words: str, caption: str) -> str:
    return (
        f'<figure title="{escape(words)}"><img alt="{escape(words)}" src="{data_uri(pixels)}">'
        f"<figcaption>{caption}</figcaption></figure>"
    )
