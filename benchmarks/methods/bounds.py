"""The 200-sample bound on black-and-white MNIST, for recipes with an encoder; annealing where q has no density.

    python -m benchmarks.methods.bounds MNIST.npz            # goes on where it was stopped
    python -m benchmarks.methods.bounds MNIST.npz written    # the table of what is there

CPU seconds are of training alone, on one thread. Pictures are black and white: `static`, each pixel drawn once
for all with its grey value as its probability, by a seed of ours; `dynamic`, drawn anew each time a picture is
seen, and once more for the bound. Bounds are of all 10,000 test pictures, in nats, without labels; annealing of
the first 100, with 500 temperatures and 8 chains.
"""

import sys
from pathlib import Path
from typing import Any

from benchmarks.common.cells import RUNS, done, measured_here, write
from benchmarks.common.pictures import trained
from benchmarks.common.speed import speed

DRAWS = 200
"""K of the bound."""

RECIPES = {
    "vae": ("vae", {}),
    "iwae, K = 50": ("iwae", {"draws": 50}),
    "gumbel-vae, 200 of 2": ("gumbel_vae", {"choices": 200, "levels": 2}),
    "gumbel-vae, 20 of 10": ("gumbel_vae", {"choices": 20, "levels": 10}),
    "vae-iaf": ("vae_iaf", {}),
    "avb, 8": ("avb", {"latent_dim": 8}),
    "avb, 32": ("avb", {}),
    "avb, not adaptive": ("avb", {"adaptive": False}),
}
"""Recipes with their options, by what the table calls them."""

LONG = [("vae", "static"), ("avb, 32", "dynamic"), ("vae-iaf", "dynamic"), ("gumbel-vae, 200 of 2", "static"),
        ("gumbel-vae, 20 of 10", "static"), ("iwae, K = 50", "static")]  # fmt: skip
SHORT = [("vae", "static"), ("vae", "dynamic"), ("avb, 8", "dynamic"), ("avb, not adaptive", "dynamic")]
CELLS = [
    dict(recipe=name, pixels=pixels, seed=0, seconds=seconds)
    for seconds, rows in ((600, LONG), (120, SHORT))
    for name, pixels in rows
]
ANNEALED = 100
"""Test pictures whose likelihood is estimated by annealing where the posterior has no density."""


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
    """Train a recipe as it comes on two values, and bound or estimate the likelihood of the test pictures."""
    import pushforward as pf
    from pushforward.likelihoods import Bernoulli
    from pushforward.samplers import Annealing, Density

    row, static = speed(), cell["pixels"] == "static"
    name, options = RECIPES[cell["recipe"]]
    data = pf.data.load(binarised(sys.argv[1]) if static else images(sys.argv[1]))
    game = getattr(pf.recipes, name)(data.space, likelihood=Bernoulli(binarise=not static), **options)
    fitted, found = trained(game, data, folder, cell["seconds"], seed=cell["seed"])
    test = data.test.all()
    bounds = dict.fromkeys(
        ("bound_1", "stderr_1", f"bound_{DRAWS}", f"stderr_{DRAWS}", "annealed", "annealed_stderr"), ""
    )
    if isinstance(fitted.sampler(), Density):
        for draws in (1, DRAWS):
            nats = fitted.density(test, draws=draws)
            bounds |= {f"bound_{draws}": float(-nats.mean()), f"stderr_{draws}": float(nats.std()) / len(nats) ** 0.5}
    if name == "avb":
        nats, _ = fitted.annealed(data.codec.decode(test._replace(x=test.x[:ANNEALED])), annealing=Annealing())
        bounds |= {"annealed": float(-nats.mean()), "annealed_stderr": float(nats.std()) / len(nats) ** 0.5}
    return found | bounds | row


def images(path: str) -> Path:
    """A file with the pictures alone, as they are, with the official test part."""
    import numpy as np

    file = RUNS / "bounds" / "grey.npz"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        given = np.load(path)
        np.savez_compressed(file, **{f"{part}_images": given[f"{part}_images"] for part in ("train", "test")})
    return file


if __name__ == "__main__":
    cells = [cell for cell in CELLS if "written" not in sys.argv or done("bounds", cell)]
    write("bounds", measured_here("bounds", cells, run))
