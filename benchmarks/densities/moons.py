"""How far densities of two moons fall short of the law's own, after ten or twenty seconds.

    python -m benchmarks.densities.moons            # goes on where it was stopped
    python -m benchmarks.densities.moons written    # the table of what is there

Data: two half circles under normal noise of deviation 0.1, whose density is known by quadrature. `gap` is the mean of
log p − log q over 100,000 fresh points, the same for all, with its standard error; CPU seconds are of training alone,
on one thread. Each recipe as it comes, but for the couplings by mixtures of logistic laws: `real-nvp` with four of
eight laws each.
"""

import sys
from pathlib import Path
from typing import Any

from benchmarks.common.cells import done, measured_here, write
from benchmarks.common.pictures import trained
from benchmarks.common.speed import speed

POINTS, SEED = 100_000, 7
BARS = {"real-nvp": (20, 0.02), "logistic coupling": (10, 0.01), "triangular": (10, 0.01)}
"""Seconds that each density has, and the gap that it should not exceed."""

FRESH: list[Any] = []
"""The points, and how likely the law finds each; drawn once."""


def cells() -> list[dict[str, Any]]:
    """Every density with three seeds."""
    return [{"density": name, "seconds": s, "bar": bar, "seed": i} for name, (s, bar) in BARS.items() for i in range(3)]


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """Fit one density, and ask it how likely the points are."""
    import torch

    import pushforward as pf

    row, data, law = speed(), pf.data.load("two-moons", seed=cell["seed"]), pf.data.TwoMoons()
    made, found = trained(_game(cell["density"], data.space), data, folder, cell["seconds"], seed=cell["seed"])
    if not FRESH:
        x = law.draw(POINTS, torch.Generator().manual_seed(SEED))
        FRESH.extend([x, law.log_prob(x)])
    x, truth = FRESH
    gap = truth - torch.from_numpy(made.log_prob(x.numpy()))
    found = {name: found[name] for name in ("turns", "state", "cpu_seconds")}
    return found | {"gap": float(gap.mean()), "stderr": float(gap.std()) / POINTS**0.5} | row


def _game(density: str, space: Any) -> Any:
    import pushforward as pf
    from pushforward.monotone import LogisticMixture

    if density == "logistic coupling":
        return pf.recipes.real_nvp(space, coupling=LogisticMixture(8), layers=4)
    return {"real-nvp": pf.recipes.real_nvp, "triangular": pf.recipes.triangular}[density](space)


if __name__ == "__main__":
    name, written = "density_moons", sys.argv[1:] == ["written"]
    write(name, measured_here(name, [c for c in cells() if not written or done(name, c)], run))
