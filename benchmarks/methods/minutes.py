"""Samples after a minute or two, with no option set: the recipes' defaults on MNIST and Fashion-MNIST.

    python -m benchmarks.methods.minutes MNIST.npz FASHION.npz            # goes on where it was stopped
    python -m benchmarks.methods.minutes MNIST.npz FASHION.npz written    # the table of what is there

CPU seconds are of training alone, on one thread; 10,000 samples of the state that is handed over against the test
images, on LeNet features of the true classes (seed 0, never matched on). Without labels the recipe sees the images
alone, and what it makes of that is its default. Flow matching, which takes twenty steps a sample, is no recipe: it
stands in the table as what one would train otherwise.
"""

import sys
from pathlib import Path
from typing import Any

from benchmarks.common.cells import done, measured_here, write
from benchmarks.common.pictures import SAMPLES, judged, scores, trained
from benchmarks.common.speed import speed
from benchmarks.methods import flow_matching

RECIPES = ("gan", "f_gan", "bgan", "sn_gan", "r3gan", "sn_smmd", "gram", "drifting")
"""Those whose samples must have an inception score of 6 after 90 seconds, in ten classes."""

OTHERS = ("wgan_gp", "linear_mmd_gan", "mmd_gan_gp", "cramer_gan", "repulsive_mmd_gan", "smmd", "swgan", "gc_mmd",
          "mmd_net", "wae_gan", "consistency")  # fmt: skip
"""The other picture recipes: one minute, reported."""

CLIPPED = ("wgan", "mmd_gan")
"""Those whose critics learn slowest, with clipped weights: five minutes."""

DEFAULT = "sn_gan"
"""What `fit` takes for labelled pictures unless told otherwise."""

UNLABELLED = "gan"
"""What `fit` takes for pictures without labels, whose clusters then stand in for them."""

OTHERWISE = "flow matching"
"""What one would train instead."""

FILES: dict[str, str] = {}
"""Where the data lie."""


def cells() -> list[dict[str, Any]]:
    """Recipes in turn, what one would train otherwise, the defaults over seeds and data, then the others."""
    rows = [(r, "mnist", "given", 0, 90) for r in RECIPES]
    rows += [(DEFAULT, "mnist", "given", s, 90) for s in (1, 2)]
    rows += [(OTHERWISE, "mnist", "given", 0, 90)]
    rows += [(UNLABELLED, "mnist", "none", s, 100) for s in (0, 1, 2)]
    rows += [(DEFAULT, "fashion", "given", 0, 90)]
    rows += [(r, "mnist", "given", 0, 60) for r in OTHERS]
    rows += [(DEFAULT, "fashion", "given", s, 90) for s in (1, 2)]
    rows += [(DEFAULT, "mnist", "given", 0, 300), (UNLABELLED, "mnist", "none", 0, 300)]
    rows += [(r, "mnist", "given", 0, 300) for r in CLIPPED]
    return [dict(recipe=r, data=d, labels=g, seed=s, seconds=t) for r, d, g, s, t in rows]


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """Train a recipe as it comes and measure its samples."""
    import pushforward as pf

    row, of = speed(), judged(FILES[cell["data"]])
    if cell["recipe"] == OTHERWISE:
        folder.mkdir(parents=True, exist_ok=True)
        v, found = flow_matching.trained(of.data, cell["seconds"], cell["seed"])
        return found | scores(of, flow_matching.drawn(v, of.data, SAMPLES)) | row
    data = of.data if cell["labels"] == "given" else pf.data.load(images(FILES[cell["data"]]))
    game = getattr(pf.recipes, cell["recipe"])(data.space)
    done, found = trained(game, data, folder, cell["seconds"], seed=cell["seed"])
    return found | scores(of, done.draw(SAMPLES, seed=1).x) | row


def images(path: str) -> Any:
    """The training images of a file, without their labels."""
    import numpy as np

    with np.load(path) as file:
        return file["train_images"]


if __name__ == "__main__":
    FILES.update(zip(("mnist", "fashion"), sys.argv[1:3], strict=True))
    written = sys.argv[3:] == ["written"]
    write("minutes", measured_here("minutes", [c for c in cells() if not written or done("minutes", c)], run))
