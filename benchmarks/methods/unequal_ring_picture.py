"""The picture of `unequal_ring`: samples and densities of those of its runs with seed 0 that are there.

python -m benchmarks.methods.unequal_ring_picture    # writes docs/gallery/unequal_ring.png
"""

from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.common.cells import HERE, RUNS
from benchmarks.methods.unequal_ring import DRAWS, NAME

OUT = HERE.parent / "docs" / "gallery" / "unequal_ring.png"
PANELS = (
    ("data", ""), ("triangular", "likelihood, by CDFs"), ("real-nvp", "likelihood, by a flow"), ("gan", "adversary"),
    ("flow-gan", "both, of a flow"), ("ade", "both, with a code"), ("ade", "its decoder's means"),
    ("v-ade", "without the critic"), ("v-ade", "its decoder's means"), ("vae", "a code alone"),
    ("vae, β = 0.1", "small weight of codes"), ("vae, β = 10", "large weight"),
)  # fmt: skip
SIDE, HALF, POINTS = 120, 2.6, 1500


def main() -> None:
    """Draw two rows of panels: samples on the log-density, where there is one."""
    from matplotlib.figure import Figure

    panels = [p for p in PANELS if p[0] == "data" or (_folder(p[0]) / "row.json").is_file()]
    across = -(-len(panels) // 2)
    figure = Figure(figsize=(2.4 * across, 5.2), dpi=90, layout="constrained")
    for axes, (method, words) in zip(figure.subplots(2, across).flat, panels, strict=False):
        density, points = panel(method, "means" in words)
        if density is not None:
            axes.imshow(density, extent=(-HALF, HALF, -HALF, HALF), origin="lower", cmap="Blues", vmin=-6, vmax=1.5)
        axes.scatter(*points.T, s=1.5, color="#b5481f", alpha=0.5, lw=0)
        axes.set(xlim=(-HALF, HALF), ylim=(-HALF, HALF), aspect="equal")
        axes.set_title(f"{method}\n{words}", fontsize=9)
        axes.set_axis_off()
    figure.savefig(OUT)


def panel(method: str, means: bool) -> tuple[np.ndarray | None, np.ndarray]:
    """Return the log-density on a lattice, None without one, and samples.

    Args:
        method: as in the table.
        means: whether the decoder's means stand for samples.
    """
    import torch

    import pushforward as pf
    from pushforward.samplers import Bounded, Density

    side = np.linspace(-HALF, HALF, SIDE, dtype=np.float32)
    lattice = np.stack(np.meshgrid(side, side), -1).reshape(-1, 2)
    data: Any = pf.data.load("ring-unequal")
    if method == "data":
        return data.log_prob(torch.from_numpy(lattice)).reshape(SIDE, SIDE).numpy(), data.test.all(POINTS).x.numpy()
    run = pf.load(_folder(method))
    points = run.sample(POINTS, seed=1, means=means)
    if means or not isinstance(run.game.sampler, Density):
        return None, points
    draws = DRAWS if isinstance(run.game.sampler, Bounded) else None
    return run.log_prob(lattice, draws=draws).reshape(SIDE, SIDE), points


def _folder(method: str) -> Path:
    return RUNS / NAME / f"{method}-0"


if __name__ == "__main__":
    main()
