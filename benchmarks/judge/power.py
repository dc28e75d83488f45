"""Power of the tests at level 5 %, by simulation; writes benchmarks/results/power.csv, a row a law, n and d.

nice -n 10 python -m benchmarks.judge.power                  # 10 minutes of CPU time; what was measured is kept
nice -n 10 python -m benchmarks.judge.power 100              # of one n only
nice -n 10 python benchmarks/peers/power_mmdagg.py     # the package MMDAgg on the same draws, where it is installed

n rows a side, 199 relabellings for every test of ours. The three-sample test has n more samples of the data's own law
and is asked whether those are closer. Of a share p over 200 draws the standard error is √(p(1 − p)/200), 0.035 at most.
"""

import sys
from datetime import date
from pathlib import Path
from unittest.mock import patch

from torch import Tensor

from benchmarks.common import alternatives
from benchmarks.common.cells import Cell, measured, write
from pushforward.kernels import Gaussian, Median
from pushforward.metrics import classifier_test, three_sample_test, two_sample_test

LEVEL, RELABELLINGS = 0.05, 199


def aggregated(x: Tensor, a: Tensor, y: Tensor, seed: int) -> float:
    """`two_sample_test` with its own bandwidths."""
    return two_sample_test(x, y, permutations=RELABELLINGS, seed=seed).p_value


def median(x: Tensor, a: Tensor, y: Tensor, seed: int) -> float:
    """MMD² with one Gaussian of the median distance, relabelled."""
    return two_sample_test(x, y, kernels=(Gaussian(Median()),), permutations=RELABELLINGS, seed=seed).p_value


def classifier(x: Tensor, a: Tensor, y: Tensor, seed: int) -> float:
    """`classifier_test`, the test of c2st."""
    return classifier_test(x, y, permutations=RELABELLINGS, seed=seed).p_value


def three_sample(x: Tensor, a: Tensor, y: Tensor, seed: int) -> float:
    """`three_sample_test`: are samples of the data's law closer to the data than the others?"""
    return three_sample_test(x, a, y).p_closer


TESTS = {
    "two_sample_test": aggregated,
    "median bandwidth": median,
    "classifier_test": classifier,
    "three_sample_test": three_sample,
}


def power(folder: Path, cell: Cell) -> Cell:
    """The share of draws in which each test rejects."""
    rejections = dict.fromkeys(TESTS, 0)
    # The search for the least shift that would be seen decides nothing, and costs most of the time.
    with patch("pushforward.metrics.significance.two_sample.detectable_shift", return_value=None):
        for seed, drawn in enumerate(alternatives.draws(cell["alternative"], cell["n"], cell["d"])):
            for name, test in TESTS.items():
                rejections[name] += test(*drawn, seed) <= LEVEL
    folder.mkdir(parents=True, exist_ok=True)
    shares = {name: found / alternatives.SIMULATIONS for name, found in rejections.items()}
    return shares | {"simulations": alternatives.SIMULATIONS, "date": date.today().isoformat()}


if __name__ == "__main__":
    sizes = [int(n) for n in sys.argv[1:]] or alternatives.SIZES
    every = [{"alternative": name, "n": n, "d": d} for name, n, d in alternatives.cells() if n in sizes]
    write("power", measured("power", every, power))
