"""How a head should end a block of levels: by an indicator with the gradient of a softmax, or by the softmax itself.

    python -m benchmarks.training.heads adult.parquet

Recipes with their defaults (batch 200 for mmd-net) on 6,000 rows of Adult, all 14 columns and the class, 1,200 turns,
two seeds, one thread. `shares` is the mean over the columns of levels of the total variation between the shares of
4,000 samples and of the data; `energy` the energy distance to the test part in robust units; seconds are of CPU time.
"""

import sys
import tempfile
import time
from pathlib import Path

import pandas as pd
import torch
from torch import Tensor

import pushforward as pf
from benchmarks.common.cells import write
from pushforward.networks import base

HEADS = {"straight-through": base.straight_through, "softmax": lambda v: v.softmax(1)}
RECIPES = {"gram": {}, "gan": {"paper": True}, "mmd_net": {"batch_size": 200}}


def table(path: str) -> pd.DataFrame:
    """6,000 rows, missing cells as a level of their own."""
    frame = pd.read_parquet(path).drop(columns=["split"]).sample(6000, random_state=0).reset_index(drop=True)
    return frame.assign(**{c: frame[c].astype(str) for c in frame if frame[c].dtype.kind not in "iuf"})


def shares_apart(x: pd.DataFrame, y: pd.DataFrame) -> float:
    """Mean total variation over the columns of levels."""
    texts = [c for c in x if x[c].dtype.kind not in "iuf"]
    shares = [[f[c].value_counts(normalize=True) for f in (x, y)] for c in texts]
    return sum(a.sub(b, fill_value=0).abs().sum() / 2 for a, b in shares) / len(texts)


def fitted(data: pf.data.Data, recipe: str, head: str, seed: int) -> pd.DataFrame:
    """Samples of one run."""

    def end(v: Tensor) -> Tensor:
        return HEADS[head](v)

    base.straight_through = end
    game = getattr(pf.recipes, recipe)(data.space, **RECIPES[recipe])
    with tempfile.TemporaryDirectory() as folder:
        given = {"steps": 1200, "seed": seed, "threads": 1, "verdict": False, "quiet": True, "probe_every": 300}
        return pf.fit(game, data, run=Path(folder) / "run", probes="energy", **given).sample(4000, seed=1)


def main(path: str) -> None:
    """Every recipe with either head."""
    torch.set_num_threads(1)
    frame, rows = table(path), []
    data = pf.data.load(frame)
    test = data.codec.decode(data.test.all())
    for seed in (0, 1):
        for head in HEADS:
            for recipe in RECIPES:
                began = time.process_time()
                y = fitted(data, recipe, head, seed)
                spent = time.process_time() - began
                energy = pf.score(test, y[: len(test)], metrics="energy", floor=False)["energy"].value
                rows.append({"recipe": recipe, "head": head, "seed": seed, "shares": round(shares_apart(frame, y), 4),
                             "energy": round(energy, 4), "seconds": round(spent)})  # fmt: skip
                print(rows[-1], flush=True)
    write("heads", rows)


if __name__ == "__main__":
    main(*sys.argv[1:])
