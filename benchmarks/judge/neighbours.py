"""Exact nearest neighbours and balls: ours and scikit-learn's reductions, processor time in turns in one process.

    OMP_NUM_THREADS=1 python -m benchmarks.judge.neighbours     # 4 minutes of CPU time; what was measured is kept

Writes `benchmarks/results/neighbours.csv`: medians of the seconds and of their ratio over turns, and the largest
relative error of squared radii against float64 differences. A *radius* is the distance to the fifth other row
(`ArgKmin`, and a tree for few coordinates); *balls* are the numbers of rows of the other side in the ball around each
row, for both sides. For balls of different radii scikit-learn has no reduction: its distances come in chunks and are
compared here.
"""

import os
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median
from time import process_time

import numpy as np
import torch
from sklearn.metrics import pairwise_distances_chunked
from sklearn.metrics._pairwise_distances_reduction import ArgKmin
from sklearn.neighbors import KDTree

from benchmarks.common.cells import Cell, measured, write
from pushforward.metrics.numerics.neighbours.nearest import memberships, nearest
from pushforward.metrics.numerics.neighbours.rounding import ListedRows

ROWS, FEW, K, TURNS, CHECKED = 10_000, 2_000, 5, 3, 64


LAWS = {"normal": 0.0, "two clusters, 1e7 of their width apart": 1e7}


def ours_radius(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Squared distances to the fifth other row."""
    rows = torch.from_numpy(x)
    return nearest(rows, rows, K, itself=True).numpy()


def sklearn_radius(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The same; the row itself is the nearest."""
    return ArgKmin.compute(x, x, K + 1, metric="sqeuclidean", return_distance=True)[0][:, K]


def tree_radius(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The same, by a tree that computes differences."""
    return KDTree(x).query(x, K + 1)[0][:, K] ** 2


def ours_balls(x: np.ndarray, y: np.ndarray, of_x: np.ndarray, of_y: np.ndarray) -> np.ndarray:
    """Rows of y in the ball around each row of x, then rows of x in that around each row of y."""
    sides = [ListedRows(torch.from_numpy(z), torch.arange(len(z))) for z in (x, y)]
    in_x, in_y = np.zeros(len(x), np.int64), np.zeros(len(y), np.int64)
    for (i, _), (_, j) in memberships(*sides, torch.from_numpy(of_x), torch.from_numpy(of_y)):
        in_x += np.bincount(i, minlength=len(x))
        in_y += np.bincount(j, minlength=len(y))
    return np.concatenate([in_x, in_y])


def sklearn_balls(x: np.ndarray, y: np.ndarray, of_x: np.ndarray, of_y: np.ndarray) -> np.ndarray:
    """The same."""

    in_y = np.zeros(len(y), np.int64)

    def counted(squares: np.ndarray, start: int) -> np.ndarray:
        in_y[:] += (squares <= of_y).sum(0)
        return (squares <= of_x[start : start + len(squares), None]).sum(1)

    chunks = pairwise_distances_chunked(x, y, reduce_func=counted, working_memory=64, squared=True)
    return np.concatenate([*chunks, in_y])


def exact_radius(x: np.ndarray) -> np.ndarray:
    """Of the first rows, by float64 differences."""
    wide = x.astype(np.float64)
    return np.array([np.partition(np.square(wide - row).sum(1), K)[K] for row in wide[:CHECKED]])


def compared(folder: Path, cell: Cell) -> Cell:
    """Both programs in turns on the same rows."""
    torch.set_num_threads(1)
    draw, apart = np.random.default_rng(0), LAWS[cell["law"]] * (np.arange(cell["n"]) % 2)[:, None]
    x, y = ((draw.normal(size=(cell["n"], cell["d"])) + apart).astype(cell["type"]) for _ in range(2))
    if cell["task"] == "balls":
        given = [ours_radius(x, x), ours_radius(y, y)]
        programs = [partial(f, of_x=given[0], of_y=given[1]) for f in (ours_balls, sklearn_balls)]
    else:
        programs = [ours_radius, tree_radius if cell["other"] == "KDTree" else sklearn_radius]
    seconds, found = [], []
    for _ in range(TURNS):
        seconds.append([0.0, 0.0])
        found = []
        for number, program in enumerate(programs):
            start = process_time()
            found.append(program(x, y))
            seconds[-1][number] = process_time() - start
    folder.mkdir(parents=True, exist_ok=True)
    return {
        "ours_cpu_seconds": median(a for a, _ in seconds),
        "other_cpu_seconds": median(b for _, b in seconds),
        "other_over_ours": median(b / a for a, b in seconds),
        **_wrong(x, found, cell),
        "turns": TURNS,
        "date": date.today().isoformat(),
    }


def _wrong(x: np.ndarray, found: list[np.ndarray], cell: Cell) -> Cell:
    """The largest relative errors of radii, or the rows whose balls are counted otherwise than by ours."""
    if cell["task"] == "balls":
        return {"ours_error": None, "other_error": None, "rows_that_differ": int((found[0] != found[1]).sum())}
    true = exact_radius(x)
    ours, other = (float(np.abs(part[:CHECKED] / true - 1).max()) for part in found)
    return {"ours_error": ours, "other_error": other, "rows_that_differ": None}


if __name__ == "__main__":
    os.environ.setdefault("CELLS", "1")
    hard = list(LAWS)[1]
    cells = [
        {"task": task, "other": other, "law": law, "n": ROWS if law == "normal" else FEW, "d": d, "type": kind}
        for d, kind, law in [(d, kind, "normal") for d in (2, 64, 784, 2048) for kind in ("float32", "float64")]
        + [(64, "float64", hard)]
        for task, other in (("radius", "ArgKmin"), ("balls", "pairwise_distances_chunked"), ("radius", "KDTree"))
        if other != "KDTree" or d == 2
    ]
    write("neighbours", measured("neighbours", cells, compared))
