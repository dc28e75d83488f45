"""One timed call of one program on two arrays, in whichever environment runs it; prints JSON.

python prdc_once.py PROGRAM FOLDER        # FOLDER holds x.npy and y.npy; PROGRAM is a function of this file
"""

import contextlib
import io
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np


def prdc(x: Any, y: Any) -> dict[str, float]:
    """The package of that name."""
    from prdc import compute_prdc

    with contextlib.redirect_stdout(io.StringIO()):
        found = compute_prdc(x, y, nearest_k=5)
    return {name: float(value) for name, value in found.items()}


def ours(x: Any, y: Any) -> dict[str, float]:
    """With what this processor multiplies fast."""
    from pushforward.metrics import prdc as measured

    found = measured(x, y, k=5, strict=True)
    return {name: getattr(found, name) for name in ("precision", "recall", "density", "coverage")}


def ours_float32(x: Any, y: Any) -> dict[str, float]:
    """As on a processor that does not multiply bfloat16 fast."""
    from pushforward.metrics.numerics.neighbours import screening

    screening.fast_bf16 = lambda: False
    return ours(x, y)


def products_bfloat16(x: Any, y: Any) -> dict[str, float]:
    """The products of tiles alone."""
    import torch

    return _products(x, torch.bfloat16)


def products_float32(x: Any, y: Any) -> dict[str, float]:
    """The products of tiles alone."""
    import torch

    return _products(x, torch.float32)


def _products(x: Any, dtype: Any) -> dict[str, float]:
    import torch

    from pushforward.metrics.numerics.neighbours.screening import tiles

    low, n = torch.from_numpy(x).to(dtype), len(x)
    for symmetric in (True, True, False):
        for rows, columns in tiles(n, n, symmetric=symmetric):
            low[rows] @ low[columns].T
    return {}


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    program, folder = globals()[sys.argv[1]], Path(sys.argv[2])
    x, y = np.load(folder / "x.npy"), np.load(folder / "y.npy")
    program(x[:64], y[:64])  # imports and warms up
    before, wall, cpu = _peak(), time.perf_counter(), time.process_time()
    values = program(x, y)
    seconds = {"seconds": time.perf_counter() - wall, "cpu_seconds": time.process_time() - cpu}
    print(json.dumps({**seconds, "peak_mb": _peak() - before, **values}))
