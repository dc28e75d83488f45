"""bfloat16 against float32 for convolutional games, over seeds: `gan` on MNIST with labels, as many turns of each.

    python -m benchmarks.methods.precision MNIST.npz          # goes on where it was stopped

1,500 turns of width 16, rate 1e-3, batch 64, one thread; the last state, measured as in `benchmarks.methods.sweep`.
What bfloat16 brings in equal time stands in `sweep.csv`.
"""

import sys
from pathlib import Path
from typing import Any

from benchmarks.common.cells import measured_here, write
from benchmarks.common.pictures import SAMPLES, judged, scores, trained
from benchmarks.common.speed import speed
from benchmarks.methods.sweep_settings import ONE_STEP

TURNS, SEEDS = 1500, (0, 1, 2)
UNBOUNDED = 1e6
"""CPU seconds that are never reached."""


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """Train one and measure its samples."""
    row, of = speed(), judged(sys.argv[1])
    game = ONE_STEP["known good point"].make(of.data.space)
    done, found = trained(game, of.data, folder, UNBOUNDED, steps=TURNS, seed=cell["seed"],
                          precision=cell["products"])  # fmt: skip
    return found | scores(of, done.draw(SAMPLES, seed=1, weights="last").x) | row


if __name__ == "__main__":
    cells = [dict(products=p, seed=s) for s in SEEDS for p in ("32", "bf16")]
    write("precision", measured_here("precision", cells, run))
