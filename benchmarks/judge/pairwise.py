"""Squared distances as they are and as they were: processor time and accuracy, taken in turns in one process.

    python -m benchmarks.judge.pairwise [COMMIT]     # the commit before; one thread

Writes `benchmarks/results/pairwise.csv`: medians over turns of the seconds and of their ratio, and the largest relative
error on either side, against differences in float64. `before` is the file of that commit, run beside today's.
"""

import subprocess
import sys
from collections.abc import Iterator
from statistics import median
from time import process_time
from types import ModuleType
from typing import Any

import torch
from torch import Tensor

from benchmarks.common.cells import write
from pushforward.kernels import pairwise

BEFORE, TURNS = "d76ec40", 15
FILE = "src/pushforward/kernels/pairwise.py"


def was(commit: str) -> ModuleType:
    """The module at that commit."""
    source = subprocess.run(["git", "show", f"{commit}:{FILE}"], check=True, capture_output=True, text=True).stdout
    module = ModuleType("before")
    exec(compile(source, FILE, "exec"), module.__dict__)
    return module


def cases() -> Iterator[tuple[str, Tensor, Tensor, bool]]:
    """A name, rows, rows, and whether gradients are taken."""
    draw = torch.Generator().manual_seed(0)
    normal = lambda n, d, dtype=torch.float64: torch.randn(n, d, generator=draw).to(dtype)
    for d in (1, 2, 8, 64, 512, 2048):
        x = normal(1024, d)
        yield "a block of the judge", x, normal(1024, d), False
        yield "the same, within one side", x, x, False
    for n, d in ((256, 2), (256, 16), (64, 128), (512, 128), (256, 2048)):
        yield "a batch of training, with gradients", normal(n, d, torch.float32), normal(n, d, torch.float32), True
    for d in (5, 64, 512):
        x, y = normal(1024, d), normal(1024, d)
        yield "one row 1e9 spreads away", x, torch.cat([y[1:], y[:1] + 1e9]), False
        yield "rows up to 1e150 spreads away", x, y * 10.0 ** torch.linspace(0, 150, 1024).double()[:, None], False
        shift = 3e5 * (torch.arange(1024) % 2).double()[:, None]
        yield "two clusters, 3e5 of their width apart", x + shift, y + shift, False
        place = 1e7 * normal(20, d)[torch.arange(1024) % 20]
        yield "twenty clusters, 1e7 of their width apart", x + place, y + place, False


def seconds(module: ModuleType, x: Tensor, y: Tensor, gradients: bool) -> float:
    """Processor time of one call, backwards too."""
    start = process_time()
    if gradients:
        u, v = x.clone().requires_grad_(), y.clone().requires_grad_()
        (module.squared_distance(u, v).mean() + module.squared_distance(u, u).mean()).backward()
    else:
        module.squared_distance(x, y)
    return process_time() - start


def error(module: ModuleType, x: Tensor, y: Tensor) -> float:
    """The largest relative error of the first rows' squared distances, from the whole matrix."""
    found = module.squared_distance(x, y)[:128].double()
    true = (x[:128].double().unsqueeze(1) - y[:128].double()).square().sum(-1)
    apart = true > 0
    return float(((found[:, :128] - true).abs()[apart] / true[apart]).max())


def row(name: str, x: Tensor, y: Tensor, gradients: bool, before: ModuleType) -> dict[str, Any]:
    """One line of the table."""
    turns = [(seconds(before, x, y, gradients), seconds(pairwise, x, y, gradients)) for _ in range(TURNS)]
    return {
        "case": name,
        "rows": len(x),
        "columns": x.shape[1],
        "type": str(x.dtype).removeprefix("torch."),
        "cpu_ms_before": 1e3 * median(b for b, _ in turns),
        "cpu_ms_now": 1e3 * median(a for _, a in turns),
        "now_over_before": median(a / b for b, a in turns),
        "error_before": error(before, x, y),
        "error_now": error(pairwise, x, y),
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    module, table = was(sys.argv[1] if len(sys.argv) > 1 else BEFORE), []
    for name, x, y, gradients in cases():
        table.append(row(name, x, y, gradients, module))
        print(*(f"{v:.3g}" if isinstance(v, float) else v for v in table[-1].values()), flush=True)
        write("pairwise", table)
