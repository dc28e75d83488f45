"""The 200-sample bound on black-and-white MNIST, drawn once by a seed of ours, for recipes with an encoder.

    python -m benchmarks.methods.bounds MNIST.npz            # goes on where it was stopped
    python -m benchmarks.methods.bounds MNIST.npz written    # the table of what is there

CPU seconds are of training alone, on one thread. Each pixel of each picture is white with its grey value as its
probability, drawn once for all, so that the data have two values; bounds are of all 10,000 test pictures, in nats,
without labels.
"""

import sys
from pathlib import Path
from typing import Any

from benchmarks.common.cells import RUNS, done, measured_here, write
from benchmarks.common.pictures import trained
from benchmarks.common.speed import speed

DRAWS = 200
"""K of the bound."""

CELLS = [dict(recipe="vae", seed=0, seconds=120)]


def binarised(path: str) -> Path:
    """A file with the pictures drawn black and white by seed 7, with the official test part."""
    import numpy as np

    file = RUNS / "bounds" / "binarised.npz"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        given, draw = np.load(path), np.random.default_rng(7)
        parts = {f"{part}_images": given[f"{part}_images"] for part in ("train", "test")}
        np.savez_compressed(
            file, **{k: ((draw.random(x.shape) < x / 255) * 255).astype("u1") for k, x in parts.items()}
        )
    return file


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """Train a recipe as it comes on two values and bound the likelihood of the test pictures."""
    import pushforward as pf
    from pushforward.likelihoods import Bernoulli

    row, data = speed(), pf.data.load(binarised(sys.argv[1]))
    game = getattr(pf.recipes, cell["recipe"])(data.space, likelihood=Bernoulli())
    fitted, found = trained(game, data, folder, cell["seconds"], seed=cell["seed"])
    test = data.test.all()
    bounds = {}
    for weights in ("best", "last"):
        for draws in (1, DRAWS) if weights == "best" else (1,):
            nats = fitted.density(test, weights=weights, draws=draws)
            bounds |= {f"{weights}_bound_{draws}": float(-nats.mean()),
                       f"{weights}_stderr_{draws}": float(nats.std()) / len(nats) ** 0.5}  # fmt: skip
    return found | bounds | {"test": len(test.x)} | row


if __name__ == "__main__":
    cells = [cell for cell in CELLS if "written" not in sys.argv or done("bounds", cell)]
    write("bounds", measured_here("bounds", cells, run))
