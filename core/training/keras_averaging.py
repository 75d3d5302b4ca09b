"""AdamW with an average of the weights beside them."""

from __future__ import annotations

from typing import Any

import keras


class AveragingAdamW(keras.optimizers.AdamW):
    """AdamW that keeps its moving average of the weights beside the weights.

    Load-bearing: `Model.fit` ends by writing an optimiser's moving average over the weights. We
    call `fit` once an epoch, so with Keras' own every epoch began from the average of the last two,
    and 60 epochs learned less than 28 should. Here that step does nothing;
    keras.callbacks.SwapEMAWeights brings the average in where it is wanted.
    """

    def finalize_variable_values(self, var_list: Any) -> None:
        """Leave the weights as training left them."""
