"""bfloat16 against float32 for fully connected encoders, over seeds, as many turns of each.

    python -m benchmarks.methods.precision_bounds MNIST.npz          # goes on where it was stopped

Black-and-white MNIST as in `benchmarks.methods.bounds`, one thread; the last state; the bound by 50 draws of 2,000
test pictures, in nats.
"""

import sys
from pathlib import Path
from typing import Any

from benchmarks.common.cells import measured_here, write
from benchmarks.common.pictures import trained
from benchmarks.common.speed import speed
from benchmarks.methods.bounds import binarised

UNBOUNDED = 1e6
"""CPU seconds that are never reached."""
TEST, DRAWS = 2000, 50
TURNS = {"vae": ({}, 4000), "iwae": ({}, 400), "vae_iaf": ({}, 400), "gumbel_vae": ({}, 400)}
MORE = [("vae", 1), ("iwae", 1)]
"""Recipes with a second seed."""


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """Train one and bound the likelihood of the test pictures by its last state."""
    import pushforward as pf
    from pushforward.likelihoods import Bernoulli

    row, (options, turns) = speed(), TURNS[cell["recipe"]]
    data = pf.data.load(binarised(sys.argv[1]))
    game = getattr(pf.recipes, cell["recipe"])(data.space, likelihood=Bernoulli(), **options)
    done, found = trained(game, data, folder, UNBOUNDED, steps=turns, seed=cell["seed"], precision=cell["products"])
    nats = done.density(data.test.all(TEST), draws=DRAWS, weights="last")
    return found | {"bound": float(nats.mean()), "stderr": float(nats.std()) / TEST**0.5} | row


if __name__ == "__main__":
    pairs = [(r, 0) for r in TURNS] + MORE
    cells = [dict(recipe=r, products=p, seed=s) for r, s in pairs for p in ("32", "bf16")]
    write("precision_bounds", measured_here("precision_bounds", cells, run))
