"""The ring of eight modes after sixty CPU seconds of training: `drifting` and `gram` as they come.

    python -m benchmarks.methods.ring          # goes on where it was stopped
    python -m benchmarks.methods.ring written  # the table of what is there

10,000 samples of the state that is handed over and, in columns with `last_`, of the last one: how many of the eight
modes hold samples, and the share of samples near one (of the data's own it is 0.989). One thread.
"""

import sys
from pathlib import Path
from typing import Any

from benchmarks.common.cells import done, measured_here, write
from benchmarks.common.pictures import trained
from benchmarks.common.speed import speed
from benchmarks.methods.drifting import RING_SAMPLES, ring

CPU_SECONDS = 60


def cells() -> list[dict[str, Any]]:
    """Both recipes, then again with other seeds."""
    return [{"recipe": recipe, "seed": seed} for seed in (0, 1, 2) for recipe in ("drifting", "gram")]


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """One seed."""
    import pushforward as pf

    data, row = pf.data.load("ring"), speed()
    game = getattr(pf.recipes, cell["recipe"])(data.space)
    done, found = trained(game, data, folder, CPU_SECONDS, seed=cell["seed"])
    for weights, prefix in (("best", ""), ("last", "last_")):
        of = ring(data, done.draw(RING_SAMPLES, seed=1, weights=weights).x)
        found |= {prefix + name: value for name, value in of.items()}
    return found | row


if __name__ == "__main__":
    written = sys.argv[1:] == ["written"]
    write("ring", measured_here("ring", [c for c in cells() if not written or done("ring", c)], run))
