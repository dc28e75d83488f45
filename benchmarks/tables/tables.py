"""Samplers of tables: recipes as they come, beside independent columns and a chain of trees.

    CELLS=1 python -m benchmarks.tables.tables FOLDER      # that holds the three .parquet files
    python -m benchmarks.tables.tables FOLDER written      # the table of what is there, without running the rest
    python -m benchmarks.tables.tables FOLDER smoke        # every cell with few turns, into no table

Adult by its own split, California housing and Beijing's air (rows with `pm2.5`) two thirds to one by seed 0; a tenth
of the training rows is the validation part of the recipes. Detection is of all unseen rows against as many samples
(0.5 for equal laws); shape and trend, in percent, of as many samples against the training rows; `tstr` what trees
learn from the samples and are tested by on unseen rows (area, R²); `copies` the share of samples that are training
rows, in percent; `closer` the share that lie nearer to a training row than to an unseen one, of equally many of either;
`nats` the log-likelihood of the unseen rows. `real rows` are training rows in the samples' place, in shape, trend,
copies and `closer` unseen ones; `table-cdf refined` has `refine="auto"`. The default recipe has three seeds,
which split off other validation rows too; the others one. One-step recipes have as many turns as take two minutes at
most. One thread; CPU seconds are those of fitting and, in their own column, of sampling.
"""

import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.common.cells import done, measured, write
from benchmarks.common.speed import speed
from benchmarks.tables import judged

TARGETS = {"adult": "income", "california": "median_house_value", "beijing": "pm2.5"}
FILES = {"adult": "adult", "california": "california_housing", "beijing": "beijing_pm25"}
RECIPES = {"independent": "independent", "copula": "copula", "cart": "cart", "table-cdf": "table_cdf",
           "table-cdf refined": "table_cdf", "drifting": "drifting", "forest": "forest", "gram": "gram",
           "mmd-net": "mmd_net", "wgan-gp": "wgan_gp"}  # fmt: skip
SAMPLERS = ("real rows", *RECIPES)
SEEDS = {"table-cdf": (0, 1, 2)}
ONE_STEP = {"gram": 5000, "mmd_net": 1500, "wgan_gp": 5000}
"""The turns of recipes that have no number of their own for tables."""

SMOKE = 30


def table(folder: Path, name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Training rows and unseen ones."""
    frame = pd.read_parquet(folder / f"{FILES[name]}.parquet")
    if name == "adult":
        parts = [frame[frame["split"] == part].drop(columns="split") for part in ("train", "test")]
    else:
        frame = frame.drop(columns="No")[frame["pm2.5"].notna()] if name == "beijing" else frame
        order = np.random.default_rng(0).permutation(len(frame))
        parts = [frame.iloc[order[: 2 * len(frame) // 3]], frame.iloc[order[2 * len(frame) // 3 :]]]
    train, test = (part.reset_index(drop=True) for part in parts)
    return train, test


def fitted(
    recipe: str,
    train: pd.DataFrame,
    test: pd.DataFrame,
    seed: int,
    folder: Path,
    n: int | None = None,
    refine: Any = False,
    turns: int | None = None,
    **options: Any,
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Samples of a recipe, as many as training rows unless `n` says otherwise, and what they cost.

    Args:
        recipe: by its name in Python.
        train: rows, of which a tenth is the validation part.
        test: unseen rows, which the sampler is not fitted to.
        seed: of that tenth and of the fit.
        folder: of the run.
        n: samples.
        refine: as in `sample`.
        turns: of training; those that suit the recipe if absent.
        options: of the recipe.
    """
    import pushforward as pf
    from pushforward.verbs.recommended import TURNS

    held = np.random.default_rng(seed).random(len(train)) < 0.1
    parts = np.concatenate([np.where(held, "validation", "train"), np.full(len(test), "test")])
    data = pf.data.load(pd.concat([train, test], ignore_index=True).assign(part=parts), split="part")
    began = time.process_time()
    turns = turns or TURNS.get(recipe) or ONE_STEP.get(recipe)
    run = pf.fit(getattr(pf.recipes, recipe)(data.space, **options), data, steps=turns, seed=seed, run=folder,
                 overwrite=True, threads=1, verdict=False, examples=False, quiet=True)  # fmt: skip
    spent = time.process_time() - began
    nats = float(run.log_prob(test).mean()) if recipe == "table_cdf" else ""
    began = time.process_time()
    samples = run.sample(n or len(train), seed=1, refine=refine)
    played = run.folder.checkpoints.load_last().turn
    cost = {"turns": played, "state": (run.kept or {}).get("turn", played), "cpu_seconds": spent}
    return samples, cost | {"sampling_seconds": time.process_time() - began, "nats": nats}


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """Fit one sampler to one table, and measure its samples."""
    import torch

    from pushforward.metrics import Detection, Shape, Trend

    torch.set_num_threads(1)
    train, test = table(Path(cell["folder"]), cell["data"])
    cost: dict[str, Any] = dict.fromkeys(("turns", "state", "cpu_seconds", "sampling_seconds", "nats"), "")
    cost |= {"gflops": speed()["float32_gflops"]}
    if cell["sampler"] in RECIPES:
        refine = "auto" if cell["sampler"].endswith("refined") else False
        turns = SMOKE if cell.get("smoke") else None
        samples, more = fitted(RECIPES[cell["sampler"]], train, test, cell["seed"], folder, refine=refine, turns=turns)
        cost |= more
    else:
        samples = train.sample(frac=1.0, random_state=cell["seed"])
    folder.mkdir(parents=True, exist_ok=True)
    samples = samples.reset_index(drop=True)
    beside = test if cell["sampler"] == "real rows" else samples
    return {
        "detection": judged.score(Detection(), test, samples),
        "shape": 100 * judged.score(Shape(), train, beside),
        "trend": 100 * judged.score(Trend(), train, beside),
        "tstr": judged.learnt(train, samples, test, TARGETS[cell["data"]]),
        "copies": 100 * judged.copies(train, beside),
        "closer": judged.closer(train, test[::2], test[1::2] if beside is test else samples),
    } | cost


if __name__ == "__main__":
    smoke = sys.argv[2:] == ["smoke"]
    todo = [dict(data=d, sampler=s, seed=i) for d in TARGETS for s in SAMPLERS for i in SEEDS.get(s, (0,))]
    if sys.argv[2:] == ["written"]:
        todo = [c for c in todo if done("tables", c)]
    rows = measured("tables_smoke" if smoke else "tables", todo, run, {"folder": sys.argv[1], "smoke": smoke})
    if not smoke:
        write("tables", rows)
