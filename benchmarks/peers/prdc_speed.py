"""Precision, recall, density and coverage of 10,000 × 2,048 features: time and memory beside the package prdc.

    python -m benchmarks.peers.prdc_speed [TURNS [THREADS]]     # needs `benchmarks/peers/setup.sh` once

Programs take turns, each call in a process of its own; the table holds medians of the ratios within
a turn, and what the matrix products alone take. Peak memory is beyond the two arrays and the imported libraries. What
was measured stays in `benchmarks/runs/prdc_speed`, so that a measurement that was stopped goes on; delete it to measure
anew.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.peers.where import HERE, PEERS, RUNS, write

N, D = 10_000, 2_048
THREADS = sys.argv[2] if len(sys.argv) > 2 else "2"
"""Of ours. Where others load the machine threads wait for one another, and only one thread's CPU time says anything."""

PROGRAMS = {
    "prdc": PEERS,
    "ours": sys.executable,
    "ours_float32": sys.executable,
    "products_bfloat16": sys.executable,
    "products_float32": sys.executable,
}


def inputs() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Pairs of samples: Gaussian, the hardest to screen, and correlated and non-negative, as features are."""
    rng = np.random.default_rng(0)
    plan = rng.normal(size=(64, D)) / 8
    features = lambda scale: np.maximum(
        scale * rng.normal(size=(N, 64)) @ plan + 0.3 * rng.normal(size=(N, D)), 0
    ).astype(np.float32)
    normal = lambda scale: (scale * rng.normal(size=(N, D))).astype(np.float32)
    return {"features": (features(1.0), features(1.02)), "normal": (normal(1.0), normal(1.01))}


def called(program: str, folder: Path, kept: Path) -> dict[str, float]:
    """One call in its own process; what was measured before is read."""
    if not kept.exists():
        # prdc makes eight threads of its own: with more in each product they would wait for one another.
        threads = {"OMP_NUM_THREADS": THREADS, "OMP_WAIT_POLICY": "passive", "OPENBLAS_NUM_THREADS": "1"}
        told = [PROGRAMS[program], str(HERE / "prdc_once.py"), program, str(folder)]
        kept.write_bytes(subprocess.run(told, env=os.environ | threads, check=True, stdout=subprocess.PIPE).stdout)
    return json.loads(kept.read_text())


def compared(what: str, pair: tuple[np.ndarray, np.ndarray], turns: int) -> Iterator[list[dict[str, object]]]:
    """After every turn, a row for each program."""
    done: list[dict[str, dict[str, float]]] = []
    (place := RUNS / "prdc_speed").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, z in zip("xy", pair, strict=True):
            np.save(Path(folder) / f"{name}.npy", z)
        for turn in range(turns):
            kept = {program: place / f"{what}-{turn}-{program}.json" for program in PROGRAMS}
            done.append({program: called(program, Path(folder), kept[program]) for program in PROGRAMS})
            yield [_row(what, program, done) for program in PROGRAMS]


def _row(what: str, program: str, turns: list[dict[str, dict[str, float]]]) -> dict[str, object]:
    ratio = lambda key: median(t["prdc"][key] / t[program][key] for t in turns)
    mine, theirs = turns[-1][program], turns[-1]["prdc"]
    same = all(abs(mine.get(k, 0) - theirs[k]) < 1e-6 for k in ("precision", "recall", "density", "coverage"))
    return {
        "input": what,
        "program": program,
        "threads": 8 if program == "prdc" else THREADS,
        "seconds": median(t[program]["seconds"] for t in turns),
        "cpu_seconds": median(t[program]["cpu_seconds"] for t in turns),
        "times_faster": ratio("seconds"),
        "times_less_cpu": ratio("cpu_seconds"),
        "peak_mb": max(t[program]["peak_mb"] for t in turns),
        "same_scores": same if "products" not in program else "",
        "turns": len(turns),
    }


if __name__ == "__main__":
    turns, tables = int(sys.argv[1]) if len(sys.argv) > 1 else 5, {}
    for what, pair in inputs().items():
        for rows in compared(what, pair, turns):
            tables[what] = rows
            write("prdc_speed", [row for table in tables.values() for row in table])
