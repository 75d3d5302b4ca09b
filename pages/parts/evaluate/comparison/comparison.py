"""Comparison of models with one another, with published results and with claims."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core.domain.counted import counted
from core.evaluation.comparison import (
    Comparison,
    Cost,
    ModelPair,
    advice,
    common_splits,
    conclusion,
    known_costs,
    name_of,
    pair_sentence,
)
from core.evaluation.predictions import Evaluation
from pages.parts.evaluate import cached as evaluate_cached
from pages.parts.evaluate.comparison import cached as comparison_cached
from pages.parts.evaluate.comparison import charts as comparison_charts
from pages.parts.evaluate.comparison import claims, disagreements, published
from pages.parts.evaluate.comparison.tables import (
    class_table,
    confidence_table,
    cost_sentence,
    cost_table,
    metrics_table,
    more_table,
    pair_table,
)
from pages.parts.shell import charts as shell_charts
from pages.parts.shell.navigation import TRAIN_MODEL
from pages.parts.shell.theme import plain

_MODELS, _PUBLISHED, _CLAIMS = "Models here", "Published models", "Five systems' claims"
_USUAL = 3
_MOST = 8
_COSTS = {
    "Milliseconds per picture": ("ms", 1.0),
    "Million MACs per picture": ("mmac", 1.0),
    "File size, MB": ("file_bytes", 1e-6),
    "Weights": ("weights", 1.0),
}
_HELP = {
    "Calibration error": st.column_config.TextColumn(
        help="Expected calibration error over 15 bins, after temperature scaling."
    ),
    "Overconfidence": st.column_config.TextColumn(
        help="Mean confidence minus accuracy: above 0 the model is overconfident."
    ),
    "Coverage (answered)": st.column_config.TextColumn(
        help='Share of pictures that are not shown as "not sure".'
    ),
}


def draw(evaluation: Evaluation) -> None:
    """Draw the comparison of an evaluation.

    Raises:
        DamagedModel: an evaluation cannot be read.
    """
    part = st.pills(
        "Compare with",
        (_MODELS, _PUBLISHED, _CLAIMS),
        default=_MODELS,
        required=True,
        key="compare-part",
    )
    if part == _PUBLISHED:
        published.draw(evaluation)
    elif part == _CLAIMS:
        claims.draw()
    else:
        _draw_models(evaluation)


def _draw_models(evaluation: Evaluation) -> None:
    comparable = comparison_cached.comparable_by_name(evaluation)
    if len(comparable) < 2:
        _draw_alone(evaluation)
        return
    chosen = _choose(evaluation, comparable)
    if len(chosen) < 2:
        st.caption("Choose two or more.")
        return
    splits = common_splits(
        [evaluate_cached.answers_of(one) for one in chosen], test_split=evaluation.judges
    )
    if not splits:
        st.info(
            "There is no split that all of these models were evaluated on.", icon=":material/info:"
        )
        return
    split = st.segmented_control(
        "Split",
        splits,
        format_func=plain,
        default=splits[0],
        required=True,
        key="compare-split",
        wrap=True,
    )
    found = comparison_cached.comparison(split, chosen)
    pair = _draw_found(
        found, comparison_cached.costs_of(chosen), is_test=split == evaluation.judges
    )
    disagreements.draw(pair, comparable[pair.first], comparable[pair.second], split)


def _draw_alone(evaluation: Evaluation) -> None:
    with st.container(border=True, width=680):
        st.markdown(
            f"**Nothing to compare with yet.** No other model was evaluated on "
            f"{plain(evaluation.dataset)} with the same labels. Evaluate another one "
            "on it, or this one with mirror images."
        )
        st.page_link(TRAIN_MODEL.path, label="Train a model", icon=TRAIN_MODEL.icon)


def _choose(evaluation: Evaluation, comparable: Mapping[str, Evaluation]) -> list[Evaluation]:
    names = st.multiselect(
        "Models",
        list(comparable),
        default=list(comparable)[:_USUAL],
        max_selections=_MOST,
        # Another evaluation has other models to compare with.
        key=f"compare-models-{evaluation.model}-{evaluation.slug}",
        help=f"Evaluated on {plain(evaluation.dataset)} with the same labels as "
        f"{plain(name_of(evaluation))}.",
    )
    return [comparable[name] for name in names]


def _draw_found(found: Comparison, costs: Mapping[str, Cost], *, is_test: bool) -> ModelPair:
    """Draw the comparison; returns the chosen pair."""
    st.markdown(f"#### {plain(conclusion(found))}")
    if recommendation := advice(found, costs):
        st.markdown(plain(recommendation))
    if not is_test:
        st.caption(
            "This split was used to choose epochs and temperatures, so all its figures are "
            "optimistic."
        )
    if found.left_out:
        st.caption(
            f"{counted(found.left_out, 'picture was', 'pictures were')} not evaluated with every "
            "model, and left out."
        )
    st.dataframe(metrics_table(found.ranking), hide_index=True, placeholder="")
    # A table of its own: in one, the last columns would be cut off in a usual window.
    st.dataframe(
        confidence_table(found.ranking), hide_index=True, placeholder="", column_config=_HELP
    )
    st.dataframe(cost_table(found.ranking, costs), hide_index=True, placeholder="")
    st.caption(plain(cost_sentence(costs)))
    st.subheader("Pairwise comparison", anchor=False)
    pair = _draw_pairs(found)
    left, right = st.columns(2, gap="medium")
    with left:
        _draw_classes(pair)
    with right:
        _draw_trade_off(found, costs)
    return pair


def _draw_pairs(found: Comparison) -> ModelPair:
    """Draw all pairs in a table; returns the chosen one."""
    st.dataframe(pair_table(found.pairs), hide_index=True, placeholder="")
    st.caption(
        "Newcombe's interval for pairs (1998) and McNemar's exact test (1947), its p-values "
        "corrected for all pairs (Holm 1979). A difference is significant only where interval "
        "and corrected test agree; all else is a tie. Only one correct: pictures that only "
        "the first, and only the second, predicted correctly."
    )
    with st.expander("Macro-F1, log loss and agreement"):
        st.dataframe(more_table(found.pairs), hide_index=True, placeholder="")
        st.caption(
            "Macro-F1 by paired bootstrap (Efron 1979); log loss in nats, lower is better; kappa "
            "is agreement beyond chance (Cohen 1960); mid-p is the less conservative form of the "
            "exact test (Fagerland et al. 2013). None of these is corrected."
        )
    if len(found.pairs) == 1:
        return found.pairs[0]
    return st.selectbox(
        "Pair",
        found.pairs,
        format_func=lambda pair: f"{pair.first} and {pair.second}",
        key=f"compare-pair-{found.split}-{len(found.pairs)}",
    )


def _draw_classes(pair: ModelPair) -> None:
    st.markdown("**Per-class recall**, first minus second")
    st.plotly_chart(
        shell_charts.escape_figure(comparison_charts.class_forest(pair)),
        config=shell_charts.CONFIG,
        key="compare-forest",
    )
    st.caption(plain(pair_sentence(pair)))
    with st.expander("Table"):
        st.dataframe(class_table(pair), hide_index=True, placeholder="")
        st.caption("p-values corrected for all classes (Holm 1979).")


def _draw_trade_off(found: Comparison, costs: Mapping[str, Cost]) -> None:
    st.markdown("**Accuracy by cost**")
    names = [one.name for one in found.ranking]
    offered = {
        unit: {name: one * scale for name, one in known_costs(costs, names, what).items()}
        for unit, (what, scale) in _COSTS.items()
    }
    # The cost known of most models comes first.
    offered = dict(sorted(offered.items(), key=lambda item: -len(item[1])))
    offered = {unit: one for unit, one in offered.items() if len(one) > 1}
    if not offered:
        st.caption("The cost of these models was not measured.")
        return
    unit = st.selectbox(
        "Cost", list(offered), label_visibility="collapsed", key=f"compare-cost-{len(offered)}"
    )
    st.plotly_chart(
        shell_charts.escape_figure(comparison_charts.trade_off(found.ranking, offered[unit], unit)),
        config=shell_charts.CONFIG,
        key="compare-trade-off",
    )
    st.caption("Dotted line: Pareto front, the models that no other beats in both.")
