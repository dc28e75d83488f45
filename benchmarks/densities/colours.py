"""Bits per dimension of CIFAR-10 after so many seconds, of pictures from coarse to fine and of couplings.

    python -m benchmarks.densities.colours FOLDER            # goes on where it was stopped
    python -m benchmarks.densities.colours FOLDER written    # the table of what is there

FOLDER holds cifar10_train.zip and cifar10_test.zip. CPU seconds are of training alone, on one thread, labels left out;
each time is a run of its own, whose rate falls to the end. Bits are those of all 10,000 test pictures with one draw of
noise in each level. One seed; these are minutes where papers have days of several accelerators.
"""

import sys
from pathlib import Path
from typing import Any

from benchmarks.common.cells import done, measured_here, write
from benchmarks.common.pictures import trained
from benchmarks.common.speed import speed
from benchmarks.densities.pictures import bits_of
from benchmarks.methods.critics_cifar import arrays

SECONDS = (45,)


def cells() -> list[dict[str, Any]]:
    """Both, with one seed."""
    return [{"recipe": recipe, "seconds": s, "seed": 0} for s in SECONDS for recipe in ("grid_cdf", "glow")]


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """Train a recipe and measure its bits."""
    import pushforward as pf

    row, data = speed(), pf.data.load(arrays(Path(sys.argv[1])))
    game = getattr(pf.recipes, cell["recipe"])(data.space, conditional=False)
    made, found = trained(game, data, folder, cell["seconds"], seed=cell["seed"])
    return {name: found[name] for name in ("turns", "state", "cpu_seconds")} | bits_of(made, data.test.all()) | row


if __name__ == "__main__":
    name, written = "density_colours", sys.argv[2:] == ["written"]
    write(name, measured_here(name, [c for c in cells() if not written or done(name, c)], run))
