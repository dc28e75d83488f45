"""Processor time of FID, with its spread and without, beside other programs on the same float32 features.

    PEERS=FOLDER python -m benchmarks.judge.fid_speed [TURNS]     # FOLDER: the environment with the peers; one thread

Programs take turns, each call in a process of its own; the table holds medians over the turns of the processor's
seconds and of their ratio to torch-fidelity's in the same turn, and by how much of itself each value differs from
torch-fidelity's and from the formula in NumPy on rows that are float64 from the start (both other programs take the
mean of float32 rows in float32). What was measured stays in `benchmarks/runs/fid_speed`, so that a measurement that was
stopped goes on.
"""

import os
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

os.environ["THREADS"] = "1"

import numpy as np  # noqa: E402  after the number of threads is set
import torch  # noqa: E402

from benchmarks.common.cells import RUNS, write  # noqa: E402
from benchmarks.judge import judge_speed  # noqa: E402

PROGRAMS = ("torch_fidelity", "ours_value", "ours", "pytorch_fid", "products")
SIZE = (10_000, 2_048)


def measured(turns: int, folder: Path) -> list[dict[str, judge_speed.Result]]:
    """Every program's result, turn after turn."""
    (place := RUNS / "fid_speed").mkdir(parents=True, exist_ok=True)
    return [
        {p: judge_speed.called("fid", p, folder, place / f"{turn}-{p}.json") for p in PROGRAMS} for turn in range(turns)
    ]


def by_numpy(x: np.ndarray, y: np.ndarray) -> float:
    """‖μ − ν‖² + tr(Σ + Τ) − 2·Σ√λ, λ the eigenvalues of ΣΤ, all in float64."""
    x, y = x.astype(np.float64), y.astype(np.float64)
    shift, s, t = x.mean(0) - y.mean(0), np.cov(x, rowvar=False), np.cov(y, rowvar=False)
    return float(shift @ shift + np.trace(s + t) - 2 * np.sqrt(np.linalg.eigvals(s @ t).astype(complex)).real.sum())


def gflops(dtype: torch.dtype) -> float:
    """Products and sums a nanosecond of processor time, of square matrices as wide as the features."""
    torch.set_num_threads(1)
    a, seconds = torch.randn(SIZE[1], SIZE[1], dtype=dtype), []
    for _ in range(5):
        start = process_time()
        a @ a
        seconds.append(process_time() - start)
    return 2 * SIZE[1] ** 3 / median(seconds) / 1e9


def table(turns: list[dict[str, judge_speed.Result]], exact: float) -> list[dict[str, Any]]:
    """A row for each program."""
    speed = {"float64_gflops": gflops(torch.float64), "float32_gflops": gflops(torch.float32)}
    of = lambda p, key: [turn[p][key] for turn in turns]
    pairs = lambda p: zip(of(p, "cpu_seconds"), of("torch_fidelity", "cpu_seconds"), strict=True)
    ratio = lambda p: median(a / b for a, b in pairs(p))
    apart = lambda p, other: "" if p == "products" else f"{abs(turns[-1][p]['value'] / other - 1):.1e}"
    return [
        {
            "program": p,
            "cpu_seconds": median(of(p, "cpu_seconds")),
            "cpu_over_torch_fidelity": ratio(p),
            "peak_mb": max(of(p, "peak_mb")),
            "from_torch_fidelity": apart(p, turns[-1]["torch_fidelity"]["value"]),
            "from_float64": apart(p, exact),
            "turns": len(turns),
            **speed,
        }
        for p in PROGRAMS
    ]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        x, y = judge_speed.inputs(*SIZE)
        for name, z in (("x", x), ("y", y)):
            np.save(Path(place) / f"{name}.npy", z)
        turns = measured(int(sys.argv[1]) if len(sys.argv) > 1 else 3, Path(place))
    rows = table(turns, by_numpy(x, y))
    write("fid_speed", rows)
    for row in rows:
        print(*(f"{v:.4g}" if isinstance(v, float) else v for v in row.values()))
