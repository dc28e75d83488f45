"""The defaults, by measurement: four families of recipes on MNIST with labels, 90 CPU seconds of training a setting.

    python -m benchmarks.methods.sweep MNIST.npz FASHION.npz [FAMILY ...]    # goes on where it was stopped
    python -m benchmarks.methods.sweep MNIST.npz FASHION.npz written         # the table of what is there

Every setting has seed 0 on MNIST; the best two of a family (`AGAIN`) have seed 1 too, and Fashion-MNIST. One thread;
10,000 samples of the state that is handed over against the test images on LeNet features (seed 0, never matched on).
`turns` were made in the budget, `state` is the one handed over, `fit_seconds` has probes in it, `cpu_seconds` has not.
"""

import sys
from pathlib import Path
from typing import Any

from benchmarks.common.cells import done, measured_here, write
from benchmarks.common.pictures import SAMPLES, judged, scores, trained
from benchmarks.common.speed import speed
from benchmarks.methods.sweep_settings import FAMILIES

CPU_SECONDS = 90
AGAIN: dict[str, tuple[str, ...]] = {
    "one step": ("width 32", "known good point"),
    "penalised": ("r3gan, He, penalty 0.5", "sn-gan, critic at twice the rate"),
}
"""The best two of each family by KID, named after all of them were run."""

FILES: dict[str, str] = {}
"""Where the data lie."""


def cells(families: list[str]) -> list[dict[str, Any]]:
    """Every setting once; then the best two of each family again."""
    named = [(f, s, "mnist", 0) for f in families for s in FAMILIES[f]]
    named += [(f, s, d, seed) for f in families for s in AGAIN.get(f, ()) for d, seed in (("mnist", 1), ("fashion", 0))]
    return [dict(family=f, setting=s, data=d, seed=seed) for f, s, d, seed in named]


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """Train one setting and measure its samples."""
    import torch

    torch.manual_seed(cell["seed"])  # first weights of games that no recipe can make again
    row, of = speed(), judged(FILES[cell["data"]])
    setting = FAMILIES[cell["family"]][cell["setting"]]
    done, found = trained(setting.make(of.data.space), of.data, folder, CPU_SECONDS, seed=cell["seed"],
                          precision=setting.precision, average=setting.average)  # fmt: skip
    return found | scores(of, done.draw(SAMPLES, seed=1).x) | row


if __name__ == "__main__":
    FILES.update(zip(("mnist", "fashion"), sys.argv[1:3], strict=True))
    asked = sys.argv[3:]
    todo = cells([f for f in FAMILIES if asked in ([], ["written"]) or f in asked])
    found = measured_here("sweep", [c for c in todo if asked != ["written"] or done("sweep", c)], run)
    if asked in ([], ["written"]):
        write("sweep", found)
