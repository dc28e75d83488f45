"""`pushforward fit drifting`: what it gives on digits and on the ring, and what other fields give in its place.

    CELLS=1 python -m benchmarks.methods.drifting          # goes on where it was stopped
    python -m benchmarks.methods.drifting written          # the table of what is there, without running the rest

Digits: the mean over ten draws of 270 samples against the 270 test digits, in pixels, k = 5; training digits in the
samples' place beside it. Ring: 10,000 samples. Columns with `last_` are of the last state, the others of the one
that is handed over. One thread; CPU seconds are those of `fit` without a verdict. Each row has the GFLOP/s of its hour.
"""

import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.common.cells import RUNS, measured, write
from benchmarks.common.speed import speed

DRAWS, RING_SAMPLES = 10, 10_000
JUDGED = ("precision", "recall", "coverage", "p_value", "effect_size", "modes", "near")
COLUMNS = ("cpu_seconds", "state", *JUDGED, *(f"last_{name}" for name in JUDGED), "float32_gflops", "bfloat16_gflops")


def cells() -> list[dict[str, Any]]:
    """The recipe as it comes, without labels, on the ring, and its field replaced by others in fewer turns."""
    first = [("digits", "training digits", 0, 0), ("digits", "drifting", 5000, 0), ("ring", "drifting", 5000, 0)]
    first += [("digits", "without labels", 5000, 0), ("digits", "drifting", 5000, 1)]
    fields = ("double softmax", "with a floor", "transport", "score difference", "MMD", "transport at 0.05")
    rest = [("digits", field, 2000, 0) for field in fields]
    rest += [("ring", "drifting", 5000, 1), ("digits", "drifting", 5000, 2)]
    return [dict(data=d, what=w, turns=t, seed=s) for d, w, t, s in first + rest]


def options(what: str) -> dict[str, Any]:
    """What is said to the recipe."""
    from pushforward.fields import DoubleSoftmax, MMDGradient, ScoreDifference, Sinkhorn

    others = {
        "with a floor": DoubleSoftmax(floor=1e-3),
        "transport": Sinkhorn(0.15),
        "transport at 0.05": Sinkhorn(0.05),
        "score difference": ScoreDifference(),
        "MMD": MMDGradient(),
    }
    return {"conditional": False} if what == "without labels" else {"field": others[what]} if what in others else {}


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """Fit one cell and measure its samples."""
    import torch

    torch.set_num_threads(1)
    import pushforward as pf

    data = pf.data.load(cell["data"])
    row = dict.fromkeys(COLUMNS, "") | speed()
    if cell["what"] == "training digits":
        x = data.train.all().x
        row |= digits(data, torch.cat([x[torch.randperm(len(x))] for _ in range(3)]))
        folder.mkdir(parents=True, exist_ok=True)
        return row
    game = pf.recipes.drifting(data.space, **options(cell["what"]))
    began = time.process_time()
    done = pf.fit(game, data, steps=cell["turns"], seed=cell["seed"], run=folder, overwrite=True, threads=1,
                  verdict=False, quiet=True)  # fmt: skip
    row |= {"cpu_seconds": time.process_time() - began, "state": done.folder.checkpoints.load_best().turn}
    for weights, prefix in (("best", ""), ("last", "last_")):
        n = DRAWS * len(data.test) if cell["data"] == "digits" else RING_SAMPLES
        y = done.draw(n, seed=1, weights=weights).x
        scores = digits(data, y) if cell["data"] == "digits" else ring(data, y)
        row |= {prefix + name: value for name, value in scores.items()}
    return row


def digits(data: Any, y: Any) -> dict[str, float]:
    """Means over draws of as many samples as there are test digits."""
    import numpy as np

    from pushforward.metrics import prdc
    from pushforward.metrics.significance.two_sample import two_sample_test

    x, rows = data.test.all().x.flatten(1).double(), []
    for samples in y.flatten(1).double().split(len(x))[:DRAWS]:
        near, test = prdc(x, samples), two_sample_test(x, samples)
        rows.append((near.precision, near.recall, near.coverage, test.p_value, test.effect_size))
    names = ("precision", "recall", "coverage", "p_value", "effect_size")
    return dict(zip(names, np.mean(rows, 0).tolist(), strict=True))


def ring(data: Any, y: Any) -> dict[str, float]:
    """Modes found, and the share of samples near one."""
    from pushforward.metrics import modes

    found = modes(y, data.modes)
    return {"modes": found.found, "near": found.share}


if __name__ == "__main__":
    todo = cells()
    if sys.argv[1:] == ["written"]:
        todo = [c for c in todo if (RUNS / "drifting" / "-".join(map(str, c.values())) / "row.json").exists()]
    write("drifting", measured("drifting", todo, run))
