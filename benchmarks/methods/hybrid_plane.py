"""Likelihood against an adversary on MNIST, on the plane of bits and KID: `ade` and `flow-gan` at several weights.

    python -m benchmarks.methods.hybrid_plane MNIST.npz            # goes on where it was stopped
    python -m benchmarks.methods.hybrid_plane MNIST.npz written    # the table of what is there

CPU seconds are of training alone, on one thread, labels left out, one seed; the first 200 turns are of likelihood
alone unless it has no weight. Flows have 4 couplings a scale and kind of width 16 and depth 1, since those of the
recipes make few turns in this time. `bits` are those of 2,000 test images, of `ade` the bound by 50 draws of a code;
KID, FID, precision, recall and coverage those of 4,000 samples on LeNet features of the true classes (seed 0); with
`means_` before them, of the decoder's means. The row `data` has 4,000 training images in the place of samples.
"""

import sys
from pathlib import Path
from typing import Any

from benchmarks.common.cells import done, measured_here, write
from benchmarks.common.pictures import judged, scores, trained
from benchmarks.common.speed import speed
from benchmarks.densities.pictures import bits_of

NAME, SECONDS, SAMPLES, ROWS, WARM_UP = "hybrid_plane", 480, 4000, 2000, 200
WEIGHTS = ((1.0, 0.0), (1.0, 0.1), (0.0, 1.0))
FLOW = {"layers": 4, "width": 16, "depth": 1}
KEPT = ("kid", "kid_stderr", "fid", "precision", "recall", "coverage", "inception_score")
COLUMNS = ("turns", "bits", "bits_stderr", *KEPT, *(f"means_{name}" for name in KEPT))
FILES: dict[str, str] = {}
"""Where the data lie."""


def cells() -> list[dict[str, Any]]:
    """The data's own row, then both recipes at every weight: likelihood alone, between, the adversary alone."""
    rows = [("data", 0.0, 0.0), *((recipe, *w) for w in WEIGHTS for recipe in ("ade", "flow_gan"))]
    return [dict(zip(("recipe", "likelihood", "adversarial"), row, strict=True)) for row in rows]


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """Train a recipe at its weights and measure bits and samples."""
    import pushforward as pf
    from pushforward.spaces import Batch

    row, data = speed(), pf.data.load(FILES["mnist"])
    if cell["recipe"] == "data":
        folder.mkdir(parents=True, exist_ok=True)
        return dict.fromkeys(COLUMNS, "") | _scores(data.train.all(SAMPLES).x) | row
    warm_up = WARM_UP if cell["likelihood"] else 0
    weights = {"likelihood": cell["likelihood"], "adversarial": cell["adversarial"], "warm_up": warm_up}
    game = getattr(pf.recipes, cell["recipe"])(data.space, conditional=False, batch_size=64, **FLOW, **weights)
    made, found = trained(game, data, folder, SECONDS)
    test = data.test.all(ROWS)
    of = {"turns": found["turns"]} | bits_of(made, Batch(test.x)) | _scores(made.draw(SAMPLES, seed=1).x)
    if cell["recipe"] == "ade":
        of |= {f"means_{k}": v for k, v in _scores(made.draw(SAMPLES, seed=1, means=True).x).items()}
    return {name: of.get(name, "") for name in COLUMNS} | row


def _scores(y: Any) -> dict[str, float]:
    from pushforward.metrics import FrechetDistance

    of = judged(FILES["mnist"])
    found = scores(of, y) | {"fid": FrechetDistance()(of.features, of.lenet(y))[0].value}
    return {name: found[name] for name in KEPT}


if __name__ == "__main__":
    FILES["mnist"] = sys.argv[1]
    write(NAME, measured_here(NAME, [c for c in cells() if sys.argv[2:] != ["written"] or done(NAME, c)], run))
