"""Other programs' ways of measuring, by their names: what they measure, and in which space."""

from pushforward.errors import Refused, nearest
from pushforward.metrics import CLEAN_FID, PRDC_PACKAGE, PYTORCH_FID, TORCH_FIDELITY
from pushforward.metrics.score import Metric

PRESETS: dict[str, tuple[tuple[Metric, ...], str | None]] = {
    "pytorch-fid": (PYTORCH_FID, "inception-pytorch-fid"),
    "torch-fidelity": (TORCH_FIDELITY, "inception-torch-fidelity"),
    "clean-fid": (CLEAN_FID, "inception-clean-fid"),
    "prdc": (PRDC_PACKAGE, None),
}


def preset(name: str, metrics: object, features: object) -> tuple[tuple[Metric, ...], object]:
    """That program's metrics, and its features unless others are given.

    Args:
        name: pytorch-fid, torch-fidelity, clean-fid or prdc.
        metrics: must be left out.
        features: as given; such as identity, where the rows are that program's features already.

    Raises:
        Refused: if there is no such program, or metrics are given too.
    """
    if name not in PRESETS:
        raise Refused(f"no preset '{name}'; {nearest(name, list(PRESETS))}")
    if metrics is not None:
        raise Refused("--preset says which metrics are measured; leave out --metrics, or name them without a preset.")
    theirs, space = PRESETS[name]
    return theirs, space if features is None else features
