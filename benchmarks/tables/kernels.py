"""Power of the two-sample test on tables: Gaussians of indicators, as the library has them, beside a mixed kernel.

    python -m benchmarks.tables.kernels

Three columns of numbers and three of four levels, 200 rows a side; 100 pairs of tables, 99 relabellings, level
0.05. `equal` has equal laws; in `levels` one column of levels goes with another in the data alone, in `numbers` one of
numbers with another, in `both` numbers with levels. The mixed kernel is the mean over a of ∏ (1 − a + a k_i), a = 0.1,
0.3, 0.6: k_i = δ for levels, ¼δ and ¾ of the mean of Laplace kernels of ranks of widths 0.03, 0.1, 0.3 for numbers.
`plain` is the test as `score` makes it, of the points that it compares. Both statistics are made by relabelling alone.
"""

import time
from math import sqrt

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from benchmarks.common.cells import write

ROWS, PAIRS, RELABELLINGS, LEVEL = 200, 100, 99, 0.05
CASES = {"equal": 0.0, "levels": 0.6, "numbers": 0.5, "both": 1.0}
SHARES, WIDTHS = (0.1, 0.3, 0.6), (0.03, 0.1, 0.3)


def table(case: str, off: float, draw: np.random.Generator) -> pd.DataFrame:
    """Rows; `off` is how strongly two columns hang together."""
    z = draw.normal(size=(ROWS, 3))
    level = draw.integers(0, 4, (ROWS, 3))
    if case == "levels":
        level[:, 1] = np.where(draw.random(ROWS) < off, level[:, 0], level[:, 1])
    if case == "numbers":
        z[:, 1] = off * z[:, 0] + sqrt(1 - off * off) * z[:, 1]
    if case == "both":  # of the samples the same law of the number, with a level that no column shows
        hidden = level[:, 0] if off else draw.integers(0, 4, ROWS)
        z[:, 0] += CASES["both"] * (hidden - 1.5)
    return pd.DataFrame(z, columns=["a", "b", "c"]).assign(
        **{f"l{i}": [f"v{v}" for v in level[:, i]] for i in range(3)}
    )


def mixed(frame: pd.DataFrame) -> Tensor:
    """The matrix of the mixed kernel of pooled rows."""
    each = []
    for name in frame:
        codes = torch.from_numpy(pd.factorize(frame[name])[0])
        same = (codes[:, None] == codes[None]).double()
        if name.startswith("l"):
            each.append(same)
            continue
        rank = torch.from_numpy(frame[name].rank().to_numpy() / len(frame))
        apart = (rank[:, None] - rank[None]).abs()
        each.append(same / 4 + sum(torch.exp(-apart / w) for w in WIDTHS) / len(WIDTHS) * 0.75)
    stacked = torch.stack(each)
    return torch.stack([(1 - a + a * stacked).prod(0) for a in SHARES]).mean(0)


def rejects(K: Tensor, draw: torch.Generator) -> bool:
    """Whether the unbiased MMD² of the truth is among the largest of the relabellings'."""
    K = K - torch.diag(K.diagonal())
    marks = torch.zeros(len(K), RELABELLINGS + 1, dtype=K.dtype)
    marks[:ROWS, 0] = 1
    for b in range(RELABELLINGS):
        marks[torch.randperm(len(K), generator=draw)[:ROWS], b + 1] = 1
    other, pairs = 1 - marks, ROWS * (ROWS - 1)
    within = lambda p, q: (p * (K @ q)).sum(0)
    value = (within(marks, marks) + within(other, other)) / pairs - 2 * within(marks, other) / ROWS**2
    return bool((value >= value[0]).double().mean() <= LEVEL)


def main() -> None:
    """Write the power of both in every case."""
    from pushforward.data import load
    from pushforward.metrics import two_sample_test

    torch.set_num_threads(1)
    rows = []
    for case, off in CASES.items():
        found, spent = {"plain": 0, "mixed": 0}, {"plain": 0.0, "mixed": 0.0}
        for pair in range(PAIRS):
            draw, again = np.random.default_rng(1000 + pair), torch.Generator().manual_seed(pair)
            data, samples = table(case, off, draw), table(case, 0.0, draw)
            both = pd.concat([data, samples], ignore_index=True)
            began = time.process_time()
            points = load(both, native=True).codec.encode(both).x
            low, middle, high = points[:, :3].quantile(torch.tensor([0.25, 0.5, 0.75], dtype=points.dtype), dim=0)
            points[:, :3] = (points[:, :3] - middle) / (high - low)
            test = two_sample_test(points[:ROWS], points[ROWS:], permutations=RELABELLINGS, seed=pair)
            found["plain"] += test.rejected
            spent["plain"] += time.process_time() - began
            began = time.process_time()
            found["mixed"] += rejects(mixed(both), again)
            spent["mixed"] += time.process_time() - began
        for kernel, count in found.items():
            power = count / PAIRS
            error = sqrt(power * (1 - power) / PAIRS)
            rows.append(dict(case=case, off=off, kernel=kernel, power=power, error=error, cpu_seconds=spent[kernel]))
    write("table_kernels", rows)


if __name__ == "__main__":
    main()
