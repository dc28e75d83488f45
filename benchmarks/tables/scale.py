"""A million rows of thirty columns: what reading, fitting, sampling and scoring take, in seconds and in memory.

    python -m benchmarks.tables.scale FOLDER [ROWS]        # a folder for the .parquet file and the run

Fifteen columns of numbers, eleven of levels (one of 100,000 levels), two of dates, a key and a constant, some with
missing cells. Few turns: the time of a turn does not depend on the rows. The file is scored against the
samples, with what `score` has by default. One thread; memory is the process's peak.
"""

import resource
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.common.cells import write
from benchmarks.common.speed import speed

TURNS = 20
SAMPLES = 32_000


def table(n: int) -> pd.DataFrame:
    """Rows whose columns all follow from one hidden number and noise."""
    draw = np.random.default_rng(0)
    hidden = draw.normal(size=n)
    columns: dict[str, object] = {"customer_id": draw.permutation(n) + 1_000_000}
    for i in range(15):
        x = hidden * (i % 3) + draw.normal(size=n)
        columns[f"number {i}"] = np.where(draw.random(n) < 0.05 * (i % 2), np.nan, np.round(x, 2 + i % 4))
    for i in range(10):
        levels = np.array([f"level {j}" for j in range(3 + 5 * i)])
        place = (np.abs(hidden + draw.normal(size=n)) * len(levels) / 4).astype(int) % len(levels)
        columns[f"levels {i}"] = levels[place]
    columns["town"] = np.char.add("town ", (100_000 * draw.random(n) ** 3).astype(int).astype(str))
    for i in range(2):
        days = (draw.integers(0, 3000, n)).astype("timedelta64[D]")
        columns[f"date {i}"] = np.datetime64("2016-01-01") + days
    return pd.DataFrame(columns | {"currency": "EUR"})


def main(folder: Path, rows: int) -> None:
    """Write the table, and one row of what it took."""
    import torch

    import pushforward as pf

    torch.set_num_threads(1)
    path = folder / f"rows-{rows}.parquet"
    if not path.exists():
        table(rows).to_parquet(path)
    found: dict[str, float | int | str] = {"rows": rows, "columns": 30, "gflops": speed()["float32_gflops"]}
    began = time.process_time()
    data = pf.data.load(path)
    found |= {"reading_seconds": time.process_time() - began, "reading_mib": _peak()}
    began = time.process_time()
    run = pf.fit(pf.recipes.table_cdf(data.space), data, steps=TURNS, run=folder / "run", overwrite=True, threads=1,
                 verdict=False, examples=False, quiet=True)  # fmt: skip
    found |= {"turns": TURNS, "fitting_seconds": time.process_time() - began, "fitting_mib": _peak()}
    began = time.process_time()
    samples = run.sample(SAMPLES)
    found |= {"samples": SAMPLES, "sampling_seconds": time.process_time() - began, "sampling_mib": _peak()}
    began = time.process_time()
    pf.score(path, samples)
    found |= {"scoring_seconds": time.process_time() - began, "peak_mib": _peak()}
    write("table_scale", [found])


def _peak() -> int:
    """The largest memory of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000)
