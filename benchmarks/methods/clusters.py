"""Clusters in the place of labels: `gan` as it comes on MNIST without labels, with its clusters and without.

    python -m benchmarks.methods.clusters MNIST.npz            # goes on where it was stopped
    python -m benchmarks.methods.clusters MNIST.npz written    # the table of what is there

100 CPU seconds of training on one thread, in bfloat16; `fit_seconds` has the finding of the clusters and the probes in
it. 10,000 samples of the state that is handed over against the test images, on LeNet features of the true classes
(seed 0, never matched on).
"""

import sys
from pathlib import Path
from typing import Any

from benchmarks.common.cells import done, measured_here, write
from benchmarks.common.pictures import SAMPLES, judged, scores, trained
from benchmarks.common.speed import speed
from benchmarks.methods.minutes import images

FILES: list[str] = []
"""Where the data lie."""


def cells() -> list[dict[str, Any]]:
    """The default and its opposite with two seeds, then other critics."""
    rows = [("gan", c, s) for s in (0, 1) for c in ("auto", "none")]
    rows += [(r, c, 0) for r in ("sn_gan", "sn_smmd", "gram") for c in ("auto", "none")]
    return [dict(recipe=r, clusters=c, seed=s, seconds=100) for r, c, s in rows]


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """Train one cell on images alone and measure its samples."""
    import pushforward as pf

    row, of = speed(), judged(FILES[0])
    data = pf.data.load(images(FILES[0]))
    game = getattr(pf.recipes, cell["recipe"])(data.space, clusters=cell["clusters"])
    done, found = trained(game, data, folder, cell["seconds"], seed=cell["seed"], precision="bf16")
    return found | scores(of, done.draw(SAMPLES, seed=1).x) | row


if __name__ == "__main__":
    FILES.append(sys.argv[1])
    written = sys.argv[2:] == ["written"]
    write("clusters", measured_here("clusters", [c for c in cells() if not written or done("clusters", c)], run))
