"""Samples of a table by one program, in an environment of its own; prints JSON.

python tables_once.py PROGRAM TRAIN.parquet SAMPLES.parquet SECONDS    # PROGRAM ctgan, tvae or arf
python tables_once.py xgboost REAL.parquet SAMPLES.parquet 0           # the area by which it tells the tables apart

Settings are the programs' own, and so is the budget with 0 SECONDS. SECONDS are the processor's; CTGAN and TVAE end
with the epoch in which they are spent. None of the three takes missing numbers: medians stand in their place.
"""

import json
import sys
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_integer_dtype, is_numeric_dtype

SEED, FOLDS, TREES = 0, 3, 100


def main(program: str, real: str, file: str, seconds: float) -> dict[str, Any]:
    """Fit, draw as many rows, and say what it took; or tell rows from samples."""
    rows = pd.read_parquet(real)
    if program == "xgboost":
        return {"detection": told(rows, pd.read_parquet(file))}
    rows = rows.fillna(rows.median(numeric_only=True))
    text = [name for name in rows if not is_numeric_dtype(rows[name])]
    rows[text] = rows[text].astype(object)
    began = time.process_time()
    fitted, found = arf(rows) if program == "arf" else ctgan(program, rows, text, seconds)
    found["cpu_seconds"] = time.process_time() - began
    began = time.process_time()
    samples = fitted(len(rows))
    samples.to_parquet(file)
    return found | {"sampling_seconds": time.process_time() - began}


def ctgan(program: str, rows: pd.DataFrame, text: list[str], seconds: float) -> tuple[Any, dict[str, Any]]:
    """CTGAN or TVAE, whose epochs are counted by the bar that they show them with."""
    import torch
    from ctgan import CTGAN, TVAE
    from ctgan.synthesizers import ctgan as one
    from ctgan.synthesizers import tvae as other

    played: list[int] = []
    end = time.process_time() + (seconds or float("inf"))

    def epochs(turns: Any, disable: bool) -> Iterator[int]:
        for turn in turns:
            if time.process_time() > end:
                return
            yield turn
            played.append(turn)

    one.tqdm = other.tqdm = epochs
    torch.manual_seed(SEED)
    np.random.seed(SEED)
    # As many epochs as fit into the seconds, or those that it has of itself.
    model = (CTGAN if program == "ctgan" else TVAE)(**({"epochs": 10**6} if seconds else {}), enable_gpu=False)
    model.fit(rows, text)
    return model.sample, {"epochs": len(played)}


def arf(rows: pd.DataFrame) -> tuple[Any, dict[str, Any]]:
    """Adversarial random forests; whole numbers are rounded, which it leaves to its user."""
    from arfpy.arf import arf as forest

    np.in1d = np.isin  # It calls the older name, which NumPy 2.4 no longer has.
    np.random.seed(SEED)
    model = forest(rows, verbose=False, random_state=SEED, n_jobs=1)
    model.forde()
    whole = [name for name in rows if is_integer_dtype(rows[name])]
    return lambda n: model.forge(n).round(dict.fromkeys(whole, 0)), {}


def told(real: pd.DataFrame, samples: pd.DataFrame) -> float:
    """The area under the curve of boosted trees, the mean of folds, of as many rows of each."""
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold
    from xgboost import XGBClassifier

    n = min(len(real), len(samples))
    x = pd.concat([t.sample(n, random_state=SEED) for t in (real, samples)], ignore_index=True)
    for name in x:
        if not is_numeric_dtype(x[name]):
            x[name] = x[name].astype("category")
    y = np.repeat([1, 0], n)
    areas = []
    for fit, rest in StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(x, y):
        trees = XGBClassifier(n_estimators=TREES, tree_method="hist", enable_categorical=True, n_jobs=1)
        trees.fit(x.iloc[fit], y[fit])
        areas.append(roc_auc_score(y[rest], trees.predict_proba(x.iloc[rest])[:, 1]))
    return float(np.mean(areas))


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:4], float(sys.argv[4]))))
