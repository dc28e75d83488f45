"""Samplers of tables on three tables whose law is known (`laws.py`), beside that law.

    python -m benchmarks.tables.known

10,000 rows, of which a tenth is the validation part, and 5,000 unseen ones. `nats` is the mean log-likelihood of the
unseen rows, `short` how much that is below the law's own, which no model can pass but by chance (`error`, the standard
error of the mean of the differences); empty for samplers without a density. Detection is of unseen rows against as many
samples (0.5 for equal laws), `broken` the percentage of samples that break a rule of the law: a town in another region
or country, a price above its highest, something sent before it was placed. The recipes as they come; one thread.
"""

import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.common.cells import measured_here, write
from benchmarks.common.speed import speed
from benchmarks.tables import judged
from benchmarks.tables.laws import LAWS

TRAIN, TEST = 10_000, 5_000
SAMPLERS = ("the law", "table_cdf", "cart", "copula", "independent")
AFTER = "table_cdf, sent after placed"
"""The sampler of days whose dates of dispatch are modelled as the time since those of the orders."""


def broken(name: str, rows: pd.DataFrame) -> float:
    """The share of rows that the law gives no probability."""
    if name == "tree":
        town = rows["town"].str.rsplit(" ", n=1).str[1].astype(int)
        fits = (rows["region"] == "region " + (town % 12).astype(str)) & (rows["high"] >= rows["low"])
        return float((~fits | (rows["country"] != "country " + (town % 4).astype(str))).mean())
    return float((rows["sent"] < rows["placed"]).mean()) if name == "days" else 0.0


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """Fit one sampler to one table, and measure it beside the law."""
    import torch

    import pushforward as pf
    from pushforward.errors import Refused
    from pushforward.metrics import Detection
    from pushforward.verbs.recommended import TURNS

    torch.set_num_threads(1)
    law = LAWS[cell["law"]]
    train, test = law.draw(TRAIN, 2 * cell["seed"]), law.draw(TEST, 2 * cell["seed"] + 1)
    true = law.log_prob(test)
    nats, spent, samples = true, 0.0, law.draw(TEST, 1000 + cell["seed"])
    if cell["sampler"] != "the law":
        held = np.where(np.arange(TRAIN) % 10 == 0, "validation", "train")
        part = np.concatenate([held, np.full(TEST, "test")])
        recipe, after = cell["sampler"].partition(",")[::2]
        kinds = {"sent": "after placed"} if after else None
        whole = pd.concat([train, test], ignore_index=True).assign(part=part)
        data = pf.data.load(whole, split="part", columns=kinds)
        began = time.process_time()
        fitted = pf.fit(getattr(pf.recipes, recipe)(data.space), data, steps=TURNS.get(recipe),
                        seed=cell["seed"], run=folder, overwrite=True, threads=1, verdict=False, examples=False,
                        quiet=True)  # fmt: skip
        spent, samples = time.process_time() - began, fitted.sample(TEST, seed=1)
        try:
            nats = fitted.log_prob(test)
        except Refused:
            nats = np.full(TEST, np.nan)
    folder.mkdir(parents=True, exist_ok=True)
    known = bool(np.isfinite(nats).all())
    return {
        "nats": float(nats.mean()) if known else "",
        "short": float((true - nats).mean()) if known else "",
        "error": float((true - nats).std() / TEST**0.5) if known else "",
        "detection": judged.score(Detection(), test, samples),
        "broken": 100 * broken(cell["law"], samples),
        "cpu_seconds": spent,
        "gflops": speed()["float32_gflops"],
    }


if __name__ == "__main__":
    todo = [dict(law=law, sampler=sampler, seed=0) for law in LAWS for sampler in SAMPLERS]
    todo.insert(todo.index(dict(law="days", sampler="table_cdf", seed=0)) + 1, dict(law="days", sampler=AFTER, seed=0))
    write("known_tables", measured_here("known_tables", todo, run))
