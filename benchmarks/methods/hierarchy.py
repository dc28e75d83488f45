"""Bits per dimension of MNIST with one level of codes against several: `vae`, `vae-iaf` and `ade` with `Ladder`.

    python -m benchmarks.methods.hierarchy MNIST.npz SECONDS            # goes on where it was stopped
    python -m benchmarks.methods.hierarchy MNIST.npz SECONDS written    # the table of what is there, at all times

CPU seconds are of training alone, on one thread, labels left out, seed 0. With `levels` 0 encoder and decoder are the
recipe's own; `growth` is turns in which a level opens, 0 for all at once. `ade` has f of 4 couplings of width 16 and
depth 1, as on the plane of likelihood and quality, and no adversary. `bits` are those of 2,000 test images, the bound
by 50 draws of a code, of the state that is handed over; `nats` what codes of each level diverge from the prior by, the
coarsest first, where that has a closed form.
"""

import sys
from pathlib import Path
from typing import Any

from benchmarks.common.cells import RUNS, measured_here, write
from benchmarks.common.pictures import trained
from benchmarks.common.speed import speed
from benchmarks.densities.pictures import bits_of

NAME, ROWS = "hierarchy", 2000
PLANS = ((0, 0), (1, 0), (2, 0), (2, 100), (3, 0))
"""Levels (0 for the recipe's own network) and growth."""

OPTIONS: dict[str, dict[str, Any]] = {
    "vae": {},
    "vae_iaf": {},
    "ade": {"adversarial": 0.0, "batch_size": 64, "layers": 4, "width": 16, "depth": 1},
}
CELLS = [dict(recipe=r, levels=levels, growth=growth) for r in OPTIONS for levels, growth in PLANS]


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """Train a recipe with a network and measure its bits."""
    import pushforward as pf
    from pushforward.networks import Ladder
    from pushforward.spaces import Batch

    row, data = speed(), pf.data.load(sys.argv[1])
    plan = {"network": Ladder(cell["levels"], growth=cell["growth"])} if cell["levels"] else {}
    game = getattr(pf.recipes, cell["recipe"])(data.space, conditional=False, **plan, **OPTIONS[cell["recipe"]])
    made, found = trained(game, data, folder, cell["seconds"])
    x = data.test.all(ROWS).x
    bits = bits_of(made, Batch(x))
    parameters = sum(p.numel() for p in game.sampler.parameters())
    kept = {name: found[name] for name in ("turns", "state")} | {"parameters": parameters}
    return kept | {name: bits[name] for name in ("bits", "bits_stderr")} | {"nats": nats(made, x)} | row


def nats(made: Any, x: Any) -> str:
    """What codes of each level diverge from the prior by, with blanks between; nothing without a closed form."""
    import torch

    from pushforward.samplers.rates import rates

    with torch.no_grad():
        found = rates(made.sampler(), x)
    return "" if found is None else " ".join(f"{float(v):.1f}" for v in found)


if __name__ == "__main__":
    asked = [cell | {"seconds": int(sys.argv[2])} for cell in CELLS]
    known = sorted({int(f.parent.name.rsplit("-", 1)[1]) for f in RUNS.glob(f"{NAME}/*/row.json")})
    wanted = [cell | {"seconds": s} for s in known for cell in CELLS] if "written" in sys.argv else asked
    there = [c for c in wanted if (RUNS / NAME / "-".join(map(str, c.values())) / "row.json").exists()]
    write(NAME, measured_here(NAME, there if "written" in sys.argv else wanted, run))
