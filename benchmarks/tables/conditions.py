"""Rates of samples of `table-cdf` beside those of unseen rows: of conditions, of missing cells, alone and together.

    python -m benchmarks.tables.conditions FOLDER       # that holds the three .parquet files

The recipe as it comes, fitted to Adult (`?` read as missing), California housing, Beijing's air (all rows) and a made
table in which two columns are missing together in 10 % of rows. `kind` is `condition`, the rate of an event among
2,000 samples that are drawn with `--where`; `missing`, the share of missing cells of a column; or `together`, the share
of rows in which all these columns and no others are missing, of as many samples as training rows. `test` is the
rate of unseen rows, `train` that of training rows, `z` the difference of samples and unseen rows in errors of both,
`z_train` the same beside the training rows, to which the sampler was fitted. One thread.
"""

import json
import sys
import time
from collections.abc import Iterable
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.common.cells import RUNS, measured_here, write
from benchmarks.tables.tables import FILES, table

CONDITIONS = (
    ("education == 'Doctorate'", "income == '>50K'"),
    ("native_country == 'Mexico'", "sex == 'Female'"),
    ("age < 25", "marital_status == 'Never-married'"),
    ("income == '>50K'", "capital_gain > 0"),
    ("occupation == 'Exec-managerial' and sex == 'Female'", "hours_per_week > 40"),
)
DATA = ("adult", "california", "beijing", "made")
ASKED = 2000


def made(n: int, seed: int) -> pd.DataFrame:
    """Rows of which a tenth lack both `visit` and `weight`, more often where `age` is high."""
    draw = np.random.default_rng(seed)
    age = draw.integers(18, 90, n)
    frame = pd.DataFrame(
        {"age": age, "visit": draw.choice(["home", "clinic", "phone"], n), "sex": draw.choice(["f", "m"], n)}
    )
    frame["weight"] = np.round(70 + 8 * draw.normal(size=n) + 0.1 * age, 1)
    absent = draw.random(n) < 0.1 * age / age.mean()
    return frame.mask(np.outer(absent, frame.columns.isin(["visit", "weight"])))


def parts(folder: Path, name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Training rows and unseen ones, with their missing cells."""
    if name == "made":
        return made(8000, 0), made(4000, 1)
    if name == "beijing":
        frame = pd.read_parquet(folder / f"{FILES[name]}.parquet").drop(columns="No")
        order = np.random.default_rng(0).permutation(len(frame))
        cut = 2 * len(frame) // 3
        return frame.iloc[order[:cut]].reset_index(drop=True), frame.iloc[order[cut:]].reset_index(drop=True)
    train, test = (part.replace("?", np.nan) for part in table(folder, name))
    return train, test


def rate(kind: str, what: str, where: str, met: Iterable[np.ndarray]) -> dict[str, Any]:
    """One row: the rates of unseen, training and sampled rows, and how far apart they are in errors."""
    test, train, samples = met
    p, q, r = (float(np.mean(m)) for m in (test, train, samples))
    apart = lambda a, m, b, k: (b - a) / sqrt(max(a * (1 - a) / m + b * (1 - b) / k, 1e-12))
    z, z_train = apart(p, len(test), r, len(samples)), apart(q, len(train), r, len(samples))
    return dict(kind=kind, what=what, where=where, test=p, train=q, samples=r, rows=len(test), z=z, z_train=z_train)


def rows(run: Any, name: str, train: pd.DataFrame, test: pd.DataFrame) -> list[dict[str, Any]]:
    """All rates of one table."""
    found = []
    for where, event in CONDITIONS if name == "adult" else ():
        drawn = run.sample(ASKED, seed=2, where=where)
        met = [frame.query(where).eval(event).to_numpy(dtype=bool) for frame in (test, train)]
        found.append(rate("condition", event, where, (*met, drawn.eval(event).to_numpy(dtype=bool))))
    frames = (test, train, run.sample(len(train), seed=1))
    absent = [frame.isna() for frame in frames]
    gaps = [column for column in train if absent[1][column].any()]
    found += [rate("missing", column, "", [a[column].to_numpy() for a in absent]) for column in gaps]
    words = [a[gaps].apply(lambda row: "+".join(np.array(gaps)[row.to_numpy(dtype=bool)]), axis=1) for a in absent]
    for pattern in sorted({w for w in words[1] if "+" in w}):
        found.append(rate("together", pattern, "", [(w == pattern).to_numpy() for w in words]))
    return found


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """Fit the recipe to one table, and keep its rates beside the row."""
    import torch

    import pushforward as pf
    from pushforward.verbs.recommended import TURNS

    torch.set_num_threads(1)
    train, test = parts(Path(cell["folder"]), cell["data"])
    held = np.random.default_rng(0).random(len(train)) < 0.1
    part = np.concatenate([np.where(held, "validation", "train"), np.full(len(test), "test")])
    data = pf.data.load(pd.concat([train, test], ignore_index=True).assign(part=part), split="part")
    began = time.process_time()
    fitted = pf.fit(pf.recipes.table_cdf(data.space), data, steps=TURNS["table_cdf"], seed=0, run=folder,
                    overwrite=True, threads=1, verdict=False, examples=False, quiet=True)  # fmt: skip
    spent = time.process_time() - began
    (folder / "rates.json").write_text(json.dumps(rows(fitted, cell["data"], train, test)))
    return {"cpu_seconds": spent}


if __name__ == "__main__":
    told = {"folder": sys.argv[1]}
    cells = measured_here(
        "conditions", [{"data": name} for name in DATA], lambda folder, cell: run(folder, cell | told)
    )
    write("conditions", [
        {"data": cell["data"], **row, "cpu_seconds": cell["cpu_seconds"]}
        for cell in cells
        for row in json.loads((RUNS / "conditions" / cell["data"] / "rates.json").read_text())
    ])  # fmt: skip
