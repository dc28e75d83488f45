"""Bits per dimension of MNIST after so many seconds, and what samples are like.

    python -m benchmarks.densities.pictures MNIST.npz            # goes on where it was stopped
    python -m benchmarks.densities.pictures MNIST.npz written    # the table of what is there

CPU seconds are of training alone, on one thread; bits are those of all 10,000 test images with one draw of noise in
each level, of the state that is handed over. Samples, 4,000 where they are asked for, are judged on LeNet features of
the true classes (seed 0), against the test images. `law` is the recipe's map: of `grid-cdf` so many logistic
laws on grey levels, of `real-nvp` and `glow` an affine map or a mixture of logistic laws. With learnt noise, of two
couplings, bits are a bound of one draw.
"""

import sys
import time
from math import log
from pathlib import Path
from typing import Any

from benchmarks.common.cells import done, measured_here, write
from benchmarks.common.pictures import judged, scores, trained
from benchmarks.common.speed import speed

SAMPLES, BLOCK = 4000, 500

FILES: dict[str, str] = {}
"""Where the data lie."""

CURVE = (40, 120)
"""Seconds of the couplings, each time with a rate that falls to the end."""


def cells() -> list[dict[str, Any]]:
    """Coarse to fine: seeds, one law for five, labels; couplings, with one law and with five; ten minutes."""
    rows = [("grid_cdf", "5 logistic", "none", 0, 240, "yes")]
    rows += [("grid_cdf", "5 logistic", "none", s, 240, "no") for s in (1, 2)]
    rows += [("grid_cdf", law, "none", 0, 40, "no") for law in ("5 logistic", "1 logistic")]
    rows += [("grid_cdf", "5 logistic", "given", 0, 240, "yes")]
    rows += [(recipe, "affine", "none", 0, s, "no") for s in CURVE for recipe in ("real_nvp", "glow")]
    rows += [("real_nvp", law, "none", 0, 40, "no") for law in ("5 logistic", "affine with learnt noise")]
    rows += [("grid_cdf", "5 logistic", "none", 0, 600, "no")]
    names = ("recipe", "law", "labels", "seed", "seconds", "samples")
    return [dict(zip(names, row, strict=True)) for row in rows]


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """Train a recipe and measure its bits, and its samples where they are asked for."""
    import pushforward as pf

    row, data = speed(), pf.data.load(FILES["mnist"])
    game = _game(cell, data.space)
    made, found = trained(game, data, folder, cell["seconds"], seed=cell["seed"])
    found = {name: found[name] for name in ("turns", "state", "cpu_seconds")} | bits_of(made, data.test.all())
    return found | of_samples(made, cell["samples"] == "yes") | row


def _game(cell: dict[str, Any], space: Any) -> Any:
    """Return the recipe's game with the law of the cell."""
    import pushforward as pf
    from pushforward.monotone import Affine, LogisticMixture

    components = None if cell["law"].startswith("affine") else int(cell["law"].split()[0])
    options: dict[str, Any] = {"coupling": LogisticMixture(components) if components else Affine()}
    if cell["law"].endswith("noise"):
        options["noise_layers"] = 2
    if cell["recipe"] == "grid_cdf":
        options = {"components": components}
    return getattr(pf.recipes, cell["recipe"])(space, conditional=cell["labels"] == "given", **options)


def bits_of(made: Any, test: Any) -> dict[str, Any]:
    """Bits per dimension with their error, and the seconds that all densities took."""
    import torch

    from pushforward.spaces import Batch

    label = test.label if made.sampler().classes else None
    began, nats = time.process_time(), []
    for i in range(0, len(test.x), BLOCK):
        nats.append(made.density(Batch(test.x[i : i + BLOCK], None if label is None else label[i : i + BLOCK])))
    bits = -torch.cat(nats) / (test.x[0].numel() * log(2))
    spent = time.process_time() - began
    return {"bits": float(bits.mean()), "bits_stderr": float(bits.std()) / len(bits) ** 0.5, "density_seconds": spent}


def of_samples(made: Any, wanted: bool) -> dict[str, Any]:
    """KID with its error, precision, recall, coverage, class KL, and the seconds of drawing; nothing unless wanted."""
    names = ("kid", "kid_stderr", "precision", "recall", "coverage", "class_kl")
    if not wanted:
        return dict.fromkeys((*names, "drawing_seconds"), "")
    began = time.process_time()
    y = made.draw(SAMPLES, seed=1).x
    spent = time.process_time() - began
    found = scores(judged(FILES["mnist"]), y)
    return {name: found[name] for name in names} | {"drawing_seconds": spent}


if __name__ == "__main__":
    FILES["mnist"] = sys.argv[1]
    name, written = "density_pictures", sys.argv[2:] == ["written"]
    write(name, measured_here(name, [c for c in cells() if not written or done(name, c)], run))
