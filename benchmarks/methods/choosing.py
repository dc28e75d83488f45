"""Which recipe for a table: four candidates on rows of numbers, and on rows with columns of levels.

    CELLS=1 python -m benchmarks.methods.choosing FOLDER      # that holds adult.parquet and california_housing.parquet
    python -m benchmarks.methods.choosing FOLDER written      # the table of what is there, without running the rest

6,000 rows of each table, missing cells as a level of their own or their rows left out; every recipe with its defaults
(batch 200 for mmd-net) for as many turns as make about half a minute of one thread, the first seed. Precision, recall,
coverage (k = 5), energy distance and effect size are those of as many samples as there are test rows, in robust units
as a verdict has them; `shares` is the mean over the columns of levels of the total variation between the shares of the
samples and of the data. CPU seconds are those of `fit` without a verdict.
"""

import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.common.cells import RUNS, measured, write

TURNS = {"drifting": 2000, "gram": 4000, "gan": 5000, "mmd_net": 2500}
OPTIONS: dict[str, dict[str, Any]] = {"mmd_net": {"batch_size": 200}}
NAMES = ("precision", "recall", "coverage", "energy")


def table(folder: Path, name: str) -> pd.DataFrame:
    """6,000 rows of Adult, or of the numbers of California housing."""
    if name == "levels":
        frame = pd.read_parquet(folder / "adult.parquet").drop(columns=["split"])
        frame = frame.assign(**{c: frame[c].astype(str) for c in frame if frame[c].dtype.kind not in "iuf"})
    else:
        frame = pd.read_parquet(folder / "california_housing.parquet").drop(columns=["ocean_proximity"]).dropna()
    return frame.sample(6000, random_state=0).reset_index(drop=True)


def shares_apart(x: pd.DataFrame, y: pd.DataFrame) -> float | str:
    """Mean total variation over the columns of levels; nothing without any."""
    texts = [c for c in x if x[c].dtype.kind not in "iuf"]
    shares = [[f[c].value_counts(normalize=True) for f in (x, y)] for c in texts]
    return sum(a.sub(b, fill_value=0).abs().sum() / 2 for a, b in shares) / len(texts) if texts else ""


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """Fit one cell and measure its samples."""
    import torch

    torch.set_num_threads(1)
    import pushforward as pf

    frame = table(Path(cell["folder"]), cell["data"])
    data = pf.data.load(frame)
    test = data.codec.decode(data.test.all())
    turns, spent = 0, 0.0
    if cell["recipe"] == "training rows":
        y = data.codec.decode(data.train.all())
        folder.mkdir(parents=True, exist_ok=True)
    else:
        turns = TURNS[cell["recipe"]]
        game = getattr(pf.recipes, cell["recipe"])(data.space, **OPTIONS.get(cell["recipe"], {}))
        began = time.process_time()
        done = pf.fit(game, data, steps=turns, seed=cell["seed"], run=folder, overwrite=True, threads=1, verdict=False,
                      quiet=True)  # fmt: skip
        spent, y = time.process_time() - began, done.sample(len(test), seed=1)
    found = pf.score(test, y[: len(test)], metrics="prdc,energy", floor=False)
    scores = {name: found[name].value for name in NAMES}
    return {"turns": turns, "cpu_seconds": spent, **scores,
            "effect_size": found.tests["two-sample"]["effect_size"], "shares": shares_apart(frame, y)}  # fmt: skip


if __name__ == "__main__":
    todo = [dict(data=d, recipe=r, seed=0) for d in ("numbers", "levels") for r in ("training rows", *TURNS)]
    if sys.argv[2:] == ["written"]:
        todo = [c for c in todo if (RUNS / "choosing" / "-".join(map(str, c.values())) / "row.json").exists()]
    write("choosing", measured("choosing", todo, run, {"folder": sys.argv[1]}))
