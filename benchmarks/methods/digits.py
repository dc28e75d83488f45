"""`fit gram --data digits --conditional false` with five seeds: what a new user got before labels were used.

    python -m benchmarks.methods.digits

Every number is that of the run's own verdict: 270 test digits that nothing was trained or chosen on. Precision, recall
and coverage are those in pixels, k = 5; the class histogram is read off a LeNet trained on the training part. The last
row is the worst of each column.
"""

import time
from pathlib import Path
from typing import Any

from benchmarks.common.cells import measured, write


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """One seed."""
    import torch

    torch.set_num_threads(1)
    import pushforward as pf

    data = pf.data.load("digits")
    wall, cpu = time.monotonic(), time.process_time()
    done = pf.fit(
        pf.recipes.gram(data.space, conditional=False), data, seed=cell["seed"], run=folder, overwrite=True, quiet=True
    )
    spent = {"wall_seconds": time.monotonic() - wall, "cpu_seconds": time.process_time() - cpu}
    found = done.verdict or {}
    names = ("precision", "recall", "density", "coverage", "energy", "energy", "class-kl")
    scores = {name: found["scores"][name]["value"] for name in names}
    best = done.folder.checkpoints.load_best().turn
    return {**spent, "best_turn": best, **scores, "p_value": found["tests"]["two-sample"]["p_value"],
            "effect_size": found["tests"]["two-sample"]["effect_size"]}  # fmt: skip


def worst(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Of every column: the smallest where more is better, else the largest."""
    least = {"precision", "recall", "density", "coverage", "p_value"}
    return {k: (min if k in least else max)(r[k] for r in rows) for k in rows[0]} | {"seed": "worst"}


if __name__ == "__main__":
    found = measured("digits", [{"seed": s} for s in range(5)], run)
    write("digits", [*found, worst(found)])
