"""Training pictures as augmented by a recipe, and sample pictures with a run's predictions."""

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
from pages.parts.shell.theme import expression_word, percent
from pages.parts.train import cached as train_cached

_POLL_INTERVAL_S = 1.0
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
    """A preview of a plan's augmentation on eight training pictures, made on request.

    A worker makes it, which takes some seconds.

    Raises:
        DatasetError: the plan's dataset cannot be read.
    """
    dataset = train_cached.dataset_of(plan)
    request = PreviewPlan.of(plan, content=dataset.content_hash)

    is_running = _is_running(request)

    @fragments.fragment(run_every=_POLL_INTERVAL_S if is_running else None)
    @error_box.on_error()
    def view() -> None:
        if is_running and not _is_running(request):
            st.rerun()  # once: it stops the timer
        with error_box.on_error():
            found = find_preview(shell_cached.settings().runs_dir, request)
            if found is not None:
                _draw_changes(found, request, dataset.scheme)
            elif _is_running(request):
                st.caption("Augmenting pictures … this takes a few seconds.")
            else:
                _draw_request(request)

    view()


def _is_running(request: PreviewPlan) -> bool:
    """Whether a worker is making this preview for this visitor."""
    run = _preview_run(request)
    return run is not None and not run.status.is_over


def _preview_run(request: PreviewPlan) -> Run | None:
    run_id = session_state.preview_run.get()
    if run_id is None or shell_cached.plan_of(run_id) != request.to_json():
        return None
    return run_panel.current_run(run_id)


def _draw_request(request: PreviewPlan) -> None:
    run = _preview_run(request)
    if run is not None and run.finished is not None and run.finished.error:
        error_box.show_message(run.finished.error, run.finished.advice)
    if st.button(
        "Preview augmentation",
        key="preview-start",
        icon=":material/auto_fix_high:",
        help="Writes eight pictures of the dataset, augmented, into the data folder. "
        "Later previews replace them.",
    ):
        session_state.preview_run.set(run_panel.start_run(PREVIEW_KIND, request.to_json()))
        st.rerun()


def _draw_changes(found: Preview, request: PreviewPlan, scheme: LabelScheme) -> None:
    first = False
    if found.has_two_sizes:
        chosen = st.segmented_control(
            "Size",
            _SIZES,
            default=_LAST,
            required=True,
            key=f"preview-size-{request.key}",
            wrap=True,
        )
        first = chosen == _FIRST
    st.caption(changes_sentence(found, request, first=first))
    st.html(changes_html(found, scheme, first=first))


def draw_samples(run: Run) -> None:
    """Sample pictures with the predictions of a run's network after its last epoch.

    Nothing is drawn before the first epoch.

    Raises:
        MienError: the run's dataset cannot be read.
    """
    if run.samples is None:
        return
    plan = TrainingPlan.from_json(shell_cached.plan_of(run.id))
    dataset = labelled_only(train_cached.dataset_of(plan))
    positions = dataset.positions(dataset.required_protocol.validation)
    if max(run.samples.positions, default=-1) >= len(positions):
        st.caption("The sample pictures are not shown: the dataset has changed since.")
        return
    pictures = dataset.pictures.take(positions[run.samples.positions])
    st.markdown(samples_sentence(run.samples, pictures))
    st.html(samples_html(run.samples, pictures, dataset.scheme))


def changes_html(preview: Preview, scheme: LabelScheme, *, first: bool = False) -> str:
    """One row per picture: the original, then its augmented versions.

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
    """Caption of the augmented pictures."""
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
    """Each picture with its label and prediction, marked as correct or wrong."""
    figures = []
    for pixels, label, scores in zip(pictures.pixels, pictures.labels, seen.scores, strict=True):
        predicted = int(np.argmax(scores))
        true_word, predicted_word = _word(scheme, int(label)), _word(scheme, predicted)
        sign = "✓" if predicted == label else "✗"
        prediction = f"{sign} {predicted_word} {percent(scores[predicted])}"
        caption = f"<span>{escape(true_word)}</span>{escape(prediction)}"
        figures.append(_figure(pixels, f"{true_word}, predicted {predicted_word}", caption))
    return f'{_SAMPLES_STYLE}<div class="mien-samples">{"".join(figures)}</div>'


def samples_sentence(seen: SamplesSeen, pictures: PictureSet) -> str:
    """Caption of the sample pictures: how many are predicted correctly."""
    right = int((np.argmax(seen.scores, axis=1) == pictures.labels).sum())
    return (
        f"After epoch {seen.epoch} the network predicts {right} of these {len(pictures)} "
        "correctly. They are not used for training. First line: label; second line: prediction."
    )


def _word(scheme: LabelScheme, label: int) -> str:
    return expression_word(scheme.labels[label])


def _figure(pixels: NDArray[np.uint8], words: str, caption: str) -> str:
    return (
        f'<figure title="{escape(words)}"><img alt="{escape(words)}" src="{data_uri(pixels)}">'
        f"<figcaption>{caption}</figcaption></figure>"
    )
