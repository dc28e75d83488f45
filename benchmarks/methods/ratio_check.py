"""Density ratio and Pearson divergence of two Gaussians beside the closed form.

Writes results/density_ratio.csv, and from it docs/density-ratio.md.

python -m benchmarks.methods.ratio_check         # about two minutes on one core
"""

import argparse
from math import exp, sqrt
from pathlib import Path

import torch

from benchmarks.common.cells import write
from pushforward.discrepancies import ULSIF, Gram, density_ratio, pearson
from pushforward.kernels import Gaussian, Median

PAGE = Path(__file__).resolve().parents[2] / "docs" / "density-ratio.md"
MEAN, SCALE = 0.5, 0.8
TEXT = """# Density ratio of two Gaussians

Written by `benchmarks/methods/ratio_check.py`. x ~ p = N((½, 0, …), 0.8²·I) and y ~ q = N(0, I), n rows of each; p/q is
bounded. *Error* is the root mean square of r̂ − p/q over the samples y. *Divergence* is mean (r̂ − 1)², an estimate of
E_q (p/q − 1)², whose closed form is exp(m²/(2 − s²)) / (s·√(2 − s²))^d − 1 with m = ½ and s = 0.8. Both are means over
{seeds} seeds ± their standard error. *Sample* is the divergence with the true ratio: the best at this n.
<!-- figures
given: 0 1 2 {seeds}
-->

Kernel mean matching (`density_ratio`) has a Gaussian kernel of twice the median distance of x and ridge 0.001;
least squares (`ULSIF`) chooses bandwidth and ridge by leave-one-out. Both ratios approach the true one. The divergence
approaches from above for matching, since the error of r̂ adds its own square; halving the error takes about four times
the rows.
<!-- figures
given: 0.001
-->

{tables}"""
HEAD = """## d = {d}, closed form {truth:.3f}
<!-- figures
density_ratio[d == {d}]: max(truth)
-->

| n | error, matching | error, least squares | divergence, matching | divergence, least squares | sample |
|---:|---:|---:|---:|---:|---:|
"""
FOOT = """
<!-- figures
density_ratio[d == {d}] each: n; {columns}
-->
"""
COLUMNS = ("error_matching", "error_squares", "divergence_matching", "divergence_squares", "divergence_sample")


def gaussians(n, d, seed):
    """(x, y, p/q at y)."""
    rng = torch.Generator().manual_seed(seed)
    mean = torch.zeros(d, dtype=torch.float64)
    mean[0] = MEAN
    x = SCALE * torch.randn(n, d, generator=rng, dtype=torch.float64) + mean
    y = torch.randn(n, d, generator=rng, dtype=torch.float64)
    log = -(y - mean).square().sum(1) / (2 * SCALE**2) + y.square().sum(1) / 2
    return x, y, log.exp() / SCALE**d


def measure(n, d, seed):
    """One row of the table, for one seed."""
    x, y, r = gaussians(n, d, seed)
    matching = density_ratio(Gram(Gaussian(Median((2.0,))).fitted(x), x, y))
    squares = ULSIF()(x, y)(y)
    errors = [(estimate - r).square().mean().sqrt() for estimate in (matching, squares)]
    return torch.stack([*errors, pearson(matching), pearson(squares), pearson(r)])


def rows(d, sizes, seeds):
    """The results of one dimension: means over the seeds, and their standard errors."""
    truth = exp(MEAN**2 / (2 - SCALE**2)) / (SCALE * sqrt(2 - SCALE**2)) ** d - 1
    for n in sizes:
        runs = torch.stack([measure(n, d, seed) for seed in range(seeds)])
        cells = zip(COLUMNS, runs.mean(0).tolist(), (runs.std(0) / sqrt(seeds)).tolist(), strict=True)
        found = {"d": d, "n": n, "seeds": seeds, "truth": truth}
        for name, mean, error in cells:
            found |= {name: mean, f"{name}_stderr": error}
        print(found, flush=True)
        yield found


def table(found):
    """The Markdown table of the results of one dimension."""
    cells = lambda row: " | ".join(f"{row[c]:.3f} ± {row[f'{c}_stderr']:.3f}" for c in COLUMNS)
    lines = "\n".join(f"| {row['n']} | {cells(row)} |" for row in found)
    foot = FOOT.format(d=found[0]["d"], columns="; ".join(f"{c}; {c}_stderr" for c in COLUMNS))
    return HEAD.format(d=found[0]["d"], truth=found[0]["truth"]) + lines + foot


def main():
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--sizes", type=int, nargs="+", default=[50, 100, 200, 400, 800, 1600])
    parser.add_argument("--threads", type=int, default=1)
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    found = [list(rows(d, a.sizes, a.seeds)) for d in (1, 2)]
    write("density_ratio", [row for of_one in found for row in of_one])
    PAGE.write_text(TEXT.format(seeds=a.seeds, tables="\n".join(map(table, found))))


if __name__ == "__main__":
    main()
