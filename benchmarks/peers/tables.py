"""CTGAN, TVAE and adversarial random forests on the tables of `benchmarks.tables`, by its scores; its judge by XGBoost.

    python3 -m venv .venv-peers && .venv-peers/bin/pip install torch==2.13.0
    .venv-peers/bin/pip install -r benchmarks/peers/requirements-tables.txt    # they do not go with the other peers
    python -m benchmarks.peers.tables FOLDER            # goes on where it was stopped; FOLDER as in benchmarks.tables
    python -m benchmarks.peers.tables FOLDER written    # the table of what is there

The programs have all training rows and their own settings, on one thread; `seconds` of the processor end CTGAN and
TVAE, 0 leaves them their 300 epochs. Columns are those of `tables.csv`, `xgboost` the detection by 100 of its trees in
place of scikit-learn's, as published figures have it. The rows of `table-cdf`, `cart` and `real rows` are drawn here
as there, for that comparison of judges, and their other scores stand in `tables.csv`.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.common.cells import done, measured_here
from benchmarks.common.speed import speed
from benchmarks.peers.where import HERE, PEERS, write
from benchmarks.tables import judged
from benchmarks.tables.tables import RECIPES, TARGETS, fitted, table

NAME, EQUAL = "peer_tables", 60
OWN = ("real rows", "cart", "table-cdf")
SCORES = ("detection", "xgboost", "shape", "trend", "tstr", "copies", "closer")
COLUMNS = (*SCORES, "epochs", "cpu_seconds", "sampling_seconds")


def cells() -> list[dict[str, Any]]:
    """Both judges of our samples, the programs at equal time, then two of them with their own budgets on Adult."""
    rows = [(data, program, 0) for data in TARGETS for program in OWN]
    rows += [(data, program, EQUAL) for data in TARGETS for program in ("tvae", "ctgan")]
    rows += [("adult", "tvae", 0), *((data, "arf", 0) for data in TARGETS), ("adult", "ctgan", 0)]
    return [dict(zip(("data", "program", "seconds"), row, strict=True)) for row in rows]


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """Draw a program's samples and measure them."""
    from pushforward.metrics import Detection, Shape, Trend

    row, (train, test) = speed(), table(Path(sys.argv[1]), cell["data"])
    folder.mkdir(parents=True, exist_ok=True)
    samples, found = drawn(folder, train, test, cell)
    samples.to_parquet(folder / "samples.parquet")
    test.to_parquet(folder / "test.parquet")
    found["detection"] = judged.score(Detection(), test, samples)
    found["xgboost"] = once("xgboost", folder / "test.parquet", folder / "samples.parquet", 0)["detection"]
    if cell["program"] not in OWN:
        found |= {name: 100 * judged.score(of, train, samples) for name, of in (("shape", Shape()), ("trend", Trend()))}
        found["tstr"] = judged.learnt(train, samples, test, TARGETS[cell["data"]])
        found |= {"copies": 100 * judged.copies(train, samples), "closer": judged.closer(train, test[::2], samples)}
    return {name: found.get(name, "") for name in COLUMNS} | row


def drawn(
    folder: Path, train: pd.DataFrame, test: pd.DataFrame, cell: dict[str, Any]
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Samples of a program, as many as training rows, and what they took."""
    if cell["program"] == "real rows":
        return train.sample(frac=1.0, random_state=0, ignore_index=True), {}
    if cell["program"] in OWN:
        samples, _ = fitted(RECIPES[cell["program"]], train, test, 0, folder)
        return samples.reset_index(drop=True), {}
    train.to_parquet(folder / "train.parquet")
    found = once(cell["program"], folder / "train.parquet", folder / "samples.parquet", cell["seconds"])
    return pd.read_parquet(folder / "samples.parquet").astype(train.dtypes), found


def once(program: str, real: Path, samples: Path, seconds: int) -> dict[str, Any]:
    """What a program prints."""
    call = [PEERS, HERE / "tables_once.py", program, real, samples, str(seconds)]
    return json.loads(subprocess.run(call, check=True, stdout=subprocess.PIPE, text=True).stdout)


if __name__ == "__main__":
    write(NAME, measured_here(NAME, [c for c in cells() if sys.argv[2:] != ["written"] or done(NAME, c)], run))
