"""Pretrained weights of published networks: where to get them, where to put them, checks.

Nothing is downloaded automatically: a person puts the file into models/backbones/.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from core.domain.errors import PlanError

BACKBONES = "backbones"
"""Folder for pretrained weights, beside the saved models."""

_KERAS = "https://storage.googleapis.com/tensorflow/keras-applications"


@dataclass(frozen=True)
class PublishedWeights:
    """A file of weights as published.

    Attributes:
        address: to download it from, with a browser.
        md5: as published; empty if none is. It detects damage, not tampering.
        trained_on: name of the dataset.
    """

    address: str
    md5: str = ""
    trained_on: str = "ImageNet"

    @property
    def file(self) -> str:
        """Its file name."""
        return self.address.rsplit("/", 1)[1]


PUBLISHED: Mapping[str, PublishedWeights] = {
    "mobilenet_v2": PublishedWeights(
        f"{_KERAS}/mobilenet_v2/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_96_no_top.h5"
    ),
    "mobilenet_v3": PublishedWeights(
        f"{_KERAS}/mobilenet_v3/weights_mobilenet_v3_small_224_1.0_float_no_top_v2.h5",
        md5="d3e8ec802a04aa4fc771ee12a9a9b836",
    ),
    "efficientnet": PublishedWeights(
        "https://storage.googleapis.com/keras-applications/efficientnetb0_notop.h5",
        md5="50bc09e76180e00e4465e1a485ddc09d",
    ),
}
"""Network -> its weights; a test compares this with what Keras would download."""


def own_file(network: str) -> str:
    """Name of a file of the user's own weights, saved by Keras 3."""
    return f"{network}.weights.h5"


def pretrained_file(models_dir: Path, network: str) -> Path | None:
    """File of a network's pretrained weights: the user's own, else the published ones."""
    names = [own_file(network)]
    if network in PUBLISHED:
        names.append(PUBLISHED[network].file)
    paths = (models_dir / BACKBONES / name for name in names)
    return next((path for path in paths if path.is_file()), None)


def verify_weights(path: Path, network: str) -> str:
    """Compare a file with its published checksum, and return its sha256.

    The user's own weights, and those without a published checksum, are checked by their shapes
    when they are loaded.

    Raises:
        PlanError: it is damaged, or another file under the same name.
    """
    content = path.read_bytes()
    published = PUBLISHED.get(network)
    if published is not None and published.md5 and path.name == published.file:
        found = hashlib.md5(content, usedforsecurity=False).hexdigest()
        if found != published.md5:
            raise PlanError(
                f"{path.name} is not what its authors published (md5 {found}, not "
                f"{published.md5}).",
                advice=f"Download it again from {published.address}.",
            )
    return hashlib.sha256(content).hexdigest()


def download_advice(models_dir: Path, network: str) -> str:
    """One sentence: where to download the weights of a network, and where to put them."""
    published = PUBLISHED[network]
    return (
        f"Download {published.address} and put it into {models_dir / BACKBONES}, keeping its name."
    )


def weights_label(path: str) -> str:
    """Name and digest of a file of weights; empty for none."""
    if not path:
        return ""
    digest = hashlib.sha256(Path(path).read_bytes()).hexdigest()
    return f"{Path(path).name} (sha256 {digest[:12]})"


def pretrained_note(models_dir: Path, network: str) -> str:
    """A note for the model card; empty with random initial weights.

    Raises:
        PlanError: the file is damaged, see `verify_weights`.
    """
    path = pretrained_file(models_dir, network) if network in PUBLISHED else None
    if path is None:
        return ""
    what = f"pretrained on {PUBLISHED[network].trained_on}"
    if path.name == own_file(network):
        what = "from a file that was added here"
    return f"Initial weights {what}: {path.name}, sha256 {verify_weights(path, network)}."


def find_backbone(models_dir: Path, network: str, *, report: Callable[[str], None]) -> str:
    """Path of a network's pretrained weights; empty for random initial weights.

    Args:
        report: receives a sentence on the initial weights of a published network.
    Raises:
        PlanError: the file is damaged, see `verify_weights`.
    """
    if network not in PUBLISHED:
        return ""
    path = pretrained_file(models_dir, network)
    if path is not None:
        digest = verify_weights(path, network)
        report(
            f"{network} starts from the weights in {BACKBONES}/{path.name} (sha256 {digest[:12]})."
        )
        return str(path)
    report(
        f"There are no pretrained weights for {network} here, so it trains from scratch, which "
        f"takes more pictures than most datasets have. {download_advice(models_dir, network)}"
    )
    return ""


def all_weights_status(models_dir: Path) -> dict[str, str]:
    """Network -> one sentence: whether its weights are here and intact, or where to get them."""
    return {network: weights_status(models_dir, network) for network in PUBLISHED}


def weights_status(models_dir: Path, network: str) -> str:
    """One sentence on the pretrained weights of a network; empty where none are published.

    A damaged file is reported in the sentence, not raised.
    """
    if network not in PUBLISHED:
        return ""
    path = pretrained_file(models_dir, network)
    if path is None:
        trained_on = PUBLISHED[network].trained_on
        where = download_advice(models_dir, network)
        return f"Its weights pretrained on {trained_on} are not here. {where}"
    try:
        digest = verify_weights(path, network)
    except PlanError as error:
        return f"{error.message} {error.advice}"
    return f"Pretrained weights: {BACKBONES}/{path.name} (sha256 {digest[:12]})."
