"""What the report draws, as arrays: examples, what was missed, and the data as the critic sees them."""

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from pushforward.metrics import witness
from pushforward.spaces import Batch, Columns, Image

if TYPE_CHECKING:
    from pushforward.verbs.run import Run

PICTURES, POINTS, WITNESSES = 64, 2000, 16


def panels(run: "Run", x: Batch, y: Batch) -> dict[str, np.ndarray]:
    """Arrays for `panels.npz`.

    Args:
        run: whose codec shows points to the eye, and whose game has a critic or none.
        x: test data.
        y: samples.
    """
    show = run.codec.show
    found = witness(*(b.x.flatten(1)[:POINTS] for b in (x, y)), count=WITNESSES)
    most = PICTURES if isinstance(run.game.space, Image) else POINTS
    arrays = {
        "data_examples": show(_rows(x, slice(most))),
        "sample_examples": show(_rows(y, slice(most))),
        "missed_examples": show(_rows(x, list(found.missed))),
        "missed_scores": np.array(found.missed_scores),
        "over_examples": show(_rows(y, list(found.over))),
        "over_scores": np.array(found.over_scores),
    }
    arrays["original_data"], arrays["original_samples"] = plane(x.x[:POINTS].flatten(1), y.x[:POINTS].flatten(1))
    run.game.eval()
    with torch.no_grad():
        fx, fy = (run.game.project(*_rows(b, slice(POINTS))) for b in (x, y))
    if fx is not None and fy is not None:
        arrays["projected_data"], arrays["projected_samples"] = plane(fx.flatten(1), fy.flatten(1))
    if isinstance(run.game.space, Columns):
        arrays["columns"] = np.array(run.game.space.names)
    return arrays


def plane(x: Tensor, y: Tensor) -> tuple[np.ndarray, np.ndarray]:
    """Both clouds on the first two principal axes of x; as they are in two dimensions, with a zero beside one."""
    x, y = x.double(), y.double()
    if x.shape[1] > 2:
        center = x.mean(0)
        axes = torch.linalg.svd(x - center, full_matrices=False)[2][:2].T
        x, y = (x - center) @ axes, (y - center) @ axes
    if x.shape[1] == 1:
        x, y = (torch.nn.functional.pad(z, (0, 1)) for z in (x, y))
    return x.float().numpy(), y.float().numpy()


def _rows(batch: Batch, index: slice | list[int]) -> Batch:
    return Batch(batch.x[index], None if batch.label is None else batch.label[index])
