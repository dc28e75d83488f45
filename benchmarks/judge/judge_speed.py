"""Speed of the judge beside its peers, and beside what the matrix products alone take.

    PEERS=FOLDER python -m benchmarks.judge.judge_speed [TURNS]     # FOLDER: the environment with the peers

Programs of a task take turns, each call in a process of its own with as many threads as THREADS says (2); the table
holds the medians, over the turns, of the ratios of the first program's time to the others'. Peak memory is beyond the
arrays and the imported libraries. What was measured stays in `benchmarks/runs/judge_speed`, so that a measurement that
was stopped goes on; delete it to measure anew.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.common.cells import HERE, RUNS, write

PEERS = os.environ.get("PEERS", str(HERE.parent / ".venv-peers")) + "/bin/python"
THREADS = os.environ.get("THREADS", "2")
TASKS = {
    "fid": ("pytorch_fid", "torch_fidelity", "ours", "products"),
    "kid": ("torch_fidelity", "torchmetrics", "ours", "ours_float32", "products_bfloat16", "products_float32"),
    "permutation": ("torch_two_sample", "ours", "products"),
    "aggregated": ("mmdagg_numpy", "mmdagg_jax", "ours", "products"),
}
ROWS = {"fid": (10_000, 2_048), "kid": (10_000, 2_048), "permutation": (2_000, 64), "aggregated": (2_000, 64)}
Result = dict[str, float]


def inputs(n: int, d: int) -> tuple[np.ndarray, np.ndarray]:
    """Correlated and non-negative, as features are; the second a little wider."""
    rng = np.random.default_rng(0)
    plan = rng.normal(size=(64, d)) / 8
    made = lambda scale: np.maximum(scale * rng.normal(size=(n, 64)) @ plan + 0.3 * rng.normal(size=(n, d)), 0)
    return made(1.0).astype(np.float32), made(1.02).astype(np.float32)


def called(task: str, program: str, folder: Path, kept: Path) -> Result:
    """One call in its own process; what was measured before is read."""
    if not kept.exists():
        python = sys.executable if program.startswith(("ours", "products")) else PEERS
        threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), THREADS)
        told = [python, str(HERE / "judge" / "judge_once.py"), f"{task}_{program}", str(folder)]
        kept.write_bytes(subprocess.run(told, env=os.environ | threads, check=True, stdout=subprocess.PIPE).stdout)
    return json.loads(kept.read_text().splitlines()[-1])


def turns_of(task: str, turns: int) -> list[dict[str, Result]]:
    """Every program's result, turn after turn."""
    (place := RUNS / "judge_speed").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, z in zip("xy", inputs(*ROWS[task]), strict=True):
            np.save(Path(folder) / f"{name}.npy", z)
        kept = lambda turn, program: place / f"{task}-{turn}-{program}-{THREADS}.json"
        return [{p: called(task, p, Path(folder), kept(t, p)) for p in TASKS[task]} for t in range(turns)]


def rows_of(task: str, turns: list[dict[str, Result]]) -> list[dict[str, object]]:
    """A row for each program."""
    ratio = lambda p, key: median(t[p][key] / t["ours"][key] for t in turns)
    return [
        {
            "task": task,
            "program": program,
            "threads": THREADS,
            "seconds": median(t[program]["seconds"] for t in turns),
            "cpu_seconds": median(t[program]["cpu_seconds"] for t in turns),
            "seconds_over_ours": ratio(program, "seconds"),
            "cpu_over_ours": ratio(program, "cpu_seconds"),
            "peak_mb": max(t[program]["peak_mb"] for t in turns),
            "value": "" if "products" in program else turns[-1][program]["value"],
            "turns": len(turns),
        }
        for program in TASKS[task]
    ]


if __name__ == "__main__":
    count, tables = int(sys.argv[1]) if len(sys.argv) > 1 else 3, []
    for task in TASKS:
        tables += rows_of(task, turns_of(task, count))
        write("judge_speed", tables)
