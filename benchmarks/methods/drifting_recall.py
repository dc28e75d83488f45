"""Why the samples of `drifting` on digits have the recall that they have: parts of the recipe left out, one by one.

    python -m benchmarks.methods.drifting_recall          # goes on where it was stopped
    python -m benchmarks.methods.drifting_recall written  # the table of what is there

2,000 turns, seed 0, means over ten draws of 270 samples of the last state against the 270 test digits, in pixels,
k = 5. `plain` is what was tried first: noise of 64 coordinates, no batch norm, no averaging, no labels, rate 1e-3.
"""

import sys
from pathlib import Path
from typing import Any

from benchmarks.common.cells import done, measured_here, write
from benchmarks.common.speed import speed
from benchmarks.methods.drifting import DRAWS, digits

TURNS, AVERAGE = 2000, 0.999
PARTS = ("as it is", "no batch norm", "no averaging", "noise of 64", "rate 1e-3", "no batch norm, no labels", "plain")


def game(space: Any, part: str) -> Any:
    """The recipe without a part."""
    from pushforward.networks import MLP
    from pushforward.recipes import drifting
    from pushforward.samplers import Normal
    from pushforward.tuning import Adam, Cosine

    bare, noise = {"network": MLP((256, 256, 256))}, {"noise": Normal(64)}
    slower = {"tune": Adam(1e-3, (0.9, 0.99), decay=Cosine(0.02))}
    options = {"no batch norm": bare, "noise of 64": noise, "rate 1e-3": slower}
    options["no batch norm, no labels"] = bare | {"conditional": False}
    options["plain"] = bare | noise | slower | {"conditional": False}
    return drifting(space, **options.get(part, {}))


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """One part left out."""
    import torch

    torch.set_num_threads(1)
    import pushforward as pf

    data, part = pf.data.load("digits"), cell["part"]
    average = 0.0 if part in ("no averaging", "plain") else AVERAGE
    made = pf.fit(game(data.space, part), data, steps=TURNS, run=folder, overwrite=True, threads=1, verdict=False,
                  quiet=True, average=average, probe_every=TURNS)  # fmt: skip
    return digits(data, made.draw(DRAWS * len(data.test), seed=1, weights="last").x) | speed()


if __name__ == "__main__":
    written = sys.argv[1:] == ["written"]
    todo = [{"part": part} for part in PARTS]
    write(
        "drifting_recall",
        measured_here("drifting_recall", [c for c in todo if not written or done("drifting_recall", c)], run),
    )
