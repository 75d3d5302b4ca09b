"""Weights that published networks learned elsewhere: where to get them, where to put them, checks.

Nothing is downloaded here: a person brings the file, once, into models/backbones/.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from core.domain.errors import PlanError

BACKBONES = "backbones"
"""Folder beside the saved models for weights that were learned elsewhere."""

_KERAS = "https://storage.googleapis.com/tensorflow/keras-applications"


@dataclass(frozen=True)
class Published:
    """A file of weights as its authors offer it.

    Attributes:
        address: to download it from, with a browser.
        md5: as its authors publish it; empty where they do not. It tells damage, not malice.
        learned: what it learned from.
    """

    address: str
    md5: str = ""
    learned: str = "ImageNet"

    @property
    def file(self) -> str:
        """Its name, which it keeps."""
        return self.address.rsplit("/", 1)[1]


PUBLISHED: Mapping[str, Published] = {
    "mobilenet_v2": Published(
        f"{_KERAS}/mobilenet_v2/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_96_no_top.h5"
    ),
    "mobilenet_v3": Published(
        f"{_KERAS}/mobilenet_v3/weights_mobilenet_v3_small_224_1.0_float_no_top_v2.h5",
        md5="d3e8ec802a04aa4fc771ee12a9a9b836",
    ),
    "efficientnet": Published(
        "https://storage.googleapis.com/keras-applications/efficientnetb0_notop.h5",
        md5="50bc09e76180e00e4465e1a485ddc09d",
    ),
}
"""Network -> its weights; a test compares this with what Keras would download."""


def own_file(network: str) -> str:
    """Name of a file of somebody's own weights, saved by Keras 3."""
    return f"{network}.weights.h5"


def pretrained_file(models_dir: Path, network: str) -> Path | None:
    """The weights that a network begins with here: somebody's own, else the published ones."""
    names = [own_file(network)]
    if network in PUBLISHED:
        names.append(PUBLISHED[network].file)
    paths = (models_dir / BACKBONES / name for name in names)
    return next((path for path in paths if path.is_file()), None)


def expect_whole(path: Path, network: str) -> str:
    """Whether a file is what its authors published; the answer is its sha256.

    Somebody's own weights, and those whose authors publish no checksum, are checked by their
    shapes when they are read.

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


def where_to_get(models_dir: Path, network: str) -> str:
    """One sentence: where the weights of a network are to be had, and where they belong."""
    published = PUBLISHED[network]
    return (
        f"Download {published.address} and put it into {models_dir / BACKBONES}, keeping its name."
    )


def named_weights(path: str) -> str:
    """A file of weights by its name and digest; empty for none."""
    if not path:
        return ""
    digest = hashlib.sha256(Path(path).read_bytes()).hexdigest()
    return f"{Path(path).name} (sha256 {digest[:12]})"


def pretrained_note(models_dir: Path, network: str) -> str:
    """What a run's model has to be read with; empty where it begins with random weights.

    Raises:
        PlanError: the file is damaged, see `expect_whole`.
    """
    path = pretrained_file(models_dir, network) if network in PUBLISHED else None
    if path is None:
        return ""
    what = f"pretrained on {PUBLISHED[network].learned}"
    if path.name == own_file(network):
        what = "from a file that was added here"
    return f"Initial weights {what}: {path.name}, sha256 {expect_whole(path, network)}."


def backbone_of(models_dir: Path, network: str, *, say: Callable[[str], None]) -> str:
    """Path of the weights that a network begins with; empty if it begins at random.

    Args:
        say: told in one sentence what a published network begins with.
    Raises:
        PlanError: the file is damaged, see `expect_whole`.
    """
    if network not in PUBLISHED:
        return ""
    path = pretrained_file(models_dir, network)
    if path is not None:
        digest = expect_whole(path, network)
        say(f"{network} starts from the weights in {BACKBONES}/{path.name} (sha256 {digest[:12]}).")
        return str(path)
    say(
        f"There are no pretrained weights for {network} here, so it trains from scratch, which "
        f"takes more pictures than most datasets have. {where_to_get(models_dir, network)}"
    )
    return ""


def states(models_dir: Path) -> dict[str, str]:
    """Network -> one sentence: whether its weights are here and whole, else where to get them."""
    return {network: state_of(models_dir, network) for network in PUBLISHED}


def state_of(models_dir: Path, network: str) -> str:
    """One sentence on the weights of a network; empty where nobody publishes any.

    Raises nothing: a damaged file is said.
    """
    if network not in PUBLISHED:
        return ""
    path = pretrained_file(models_dir, network)
    if path is None:
        learned = PUBLISHED[network].learned
        return (
            f"Its weights pretrained on {learned} are not here. {where_to_get(models_dir, network)}"
        )
    try:
        digest = expect_whole(path, network)
    except PlanError as error:
        return f"{error.message} {error.advice}"
    return f"Pretrained weights: {BACKBONES}/{path.name} (sha256 {digest[:12]})."
