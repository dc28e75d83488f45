"""Levels of the tests and coverage of the intervals, by simulation; writes benchmarks/results/levels.csv.

python -m benchmarks.judge.levels              # half an hour of one core; tests/metrics/test_levels.py asserts on it

A level is checked against the region that holds Binomial(simulations, 0.05) with 99.9 %; where theory only bounds it
(Holm's rule, equal laws in the relative test), against its upper end. Coverage of 95 % must lie between 93 % and 97 %.
"uniform" is the p-value of Kolmogorov and Smirnov for the test's p-values at the boundary of its null hypothesis.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from math import exp, log, pi
from pathlib import Path
from statistics import NormalDist
from typing import Any
from unittest.mock import patch
from zlib import crc32

import torch
from scipy.optimize import brentq
from scipy.stats import binom, kstest, norm
from torch import Generator, Tensor

from pushforward.kernels import Distance, Gaussian, Kernel, Polynomial
from pushforward.metrics import (
    C2ST,
    KID,
    EnergyDistance,
    KernelDistance,
    Metric,
    ThreeSample,
    bits_per_dimension,
    classifier_test,
    holm,
    memorisation,
    ranking,
    three_sample_test,
    two_sample_test,
)
from pushforward.metrics.numerics.checked_arrays import generator
from pushforward.metrics.significance.cross_fitting import FourierFeatures, discriminant_values, fold_numbers

SIMULATIONS = 2000
LEVEL = 0.05
OUTSIDE = 0.001
"""Chance that a share of the right level falls outside its bounds."""

Trial = Callable[[Generator, int], Any]
"""One simulation: whether it rejected or covered, or the outcome of a three-sample test."""


def share(found: Sequence[bool]) -> float:
    """How often it rejected, or covered."""
    return sum(map(bool, found)) / len(found)


def two_sided(found: Sequence[ThreeSample]) -> float:
    """How often the two-sided p-value rejects."""
    return share([t.p_value <= LEVEL for t in found])


def closer(found: Sequence[ThreeSample]) -> float:
    """How often the first model is wrongly called closer."""
    return share([t.p_closer <= LEVEL for t in found])


def farther(found: Sequence[ThreeSample]) -> float:
    """How often the first model is wrongly called farther."""
    return share([t.p_farther <= LEVEL for t in found])


def uniform(found: Sequence[ThreeSample]) -> float:
    """The p-value of Kolmogorov and Smirnov for uniform one-sided p-values."""
    return float(kstest([t.p_closer for t in found], "uniform").pvalue)


def exact(simulations: int) -> tuple[float, float]:
    """Of a test whose level is 5 %."""
    return tuple(binom.ppf([OUTSIDE / 2, 1 - OUTSIDE / 2], simulations, LEVEL) / simulations)


def at_most(simulations: int) -> tuple[float, float]:
    """Of a test whose level is 5 % or less."""
    return 0.0, binom.ppf(1 - OUTSIDE, simulations, LEVEL) / simulations


def coverage(simulations: int) -> tuple[float, float]:
    """Of a 95 % interval, whatever the number of simulations."""
    return 0.93, 0.97


def never_more(simulations: int) -> tuple[float, float]:
    """Of a test whose level is 5 % or less, by the region of 2,000 simulations whatever their number."""
    return 0.0, exact(2000)[1]


def powerful(simulations: int) -> tuple[float, float]:
    """Of a test that is to find what is there in nine cases of ten."""
    return 0.9, 1.0


def not_small(simulations: int) -> tuple[float, float]:
    """Of a p-value."""
    return OUTSIDE, 1.0


@dataclass(frozen=True)
class Simulation:
    """One row of the table.

    Args:
        test: what is tested.
        setting: of which laws.
        n: rows of data.
        m: rows of samples, or of both models.
        trial: one simulation.
        bounds: between which the found number must lie.
        found: a number from all simulations.
    """

    test: str
    setting: str
    n: int
    m: str
    trial: Trial
    bounds: Callable[[int], tuple[float, float]]
    found: Callable[[Sequence[Any]], float] = share
    simulations: int = SIMULATIONS

    @property
    def name(self) -> str:
        """Of this row alone."""
        return f"{self.test}, {self.found.__name__}, {self.setting}, {self.n} and {self.m}"

    def run(self) -> dict[str, Any]:
        """The row, from simulations that depend on its test and setting alone."""
        seed = crc32(f"{self.test}, {self.setting}, {self.n} and {self.m}".encode())
        found = self.found(simulated(self.trial, seed, self.simulations))
        low, high = self.bounds(self.simulations)
        return {
            "test": self.test,
            "quantity": self.found.__name__,
            "setting": self.setting,
            "n": self.n,
            "m": self.m,
            "simulations": self.simulations,
            "found": found,
            "low": low,
            "high": high,
            "date": date.today().isoformat(),
        }


@cache
def simulated(trial: Trial, seed: int, simulations: int) -> tuple[Any, ...]:
    """So many outcomes, once for all that is read off them."""
    g = torch.Generator().manual_seed(seed)
    # How large a shift would have been seen is most of a test's cost, and not what is simulated.
    with patch("pushforward.metrics.significance.two_sample.detectable_shift", lambda *_: None):
        return tuple(trial(g, i) for i in range(simulations))


def normal(g: Generator, n: int, d: int, shift: float = 0.0, axis: int = 0, scale: float = 1.0) -> Tensor:
    """N(shift·e_axis, scale²·I)."""
    z = scale * torch.randn(n, d, generator=g, dtype=torch.float64)
    z[:, axis] += shift
    return z


# Two samples: equal laws -----------------------------------------------------------------------------------------


def equal_laws(test: Callable[..., Any], n: int, m: int, d: int) -> Trial:
    """Does a test of two samples of N(0, I) reject?"""
    return lambda g, i: test(normal(g, n, d), normal(g, m, d), seed=i).rejected


def unseen(n: int, m: int, train: int, d: int) -> Trial:
    """Does the training-copy test reject a sampler that draws from the data's law?"""
    return lambda g, i: memorisation(normal(g, train, d), normal(g, n, d), normal(g, m, d)).rejected


def never_saw(d: int, shift: float, scale: float, copies: int = 0, noise: float = 0.0) -> Trial:
    """Does that test reject N(shift, scale²·I) for data N(0, I), so many samples being copies of training rows?"""

    def trial(g: Generator, i: int) -> bool:
        train, held_out, y = normal(g, 200, d), normal(g, 200, d), shift + normal(g, 200, d, scale=scale)
        y[:copies] = train[:copies] + noise * normal(g, copies, d)
        return memorisation(train, held_out, y, seed=i).rejected

    return trial


# Three samples: models that are equally far ----------------------------------------------------------------------

WIDER = brentq(lambda v: 1 / 3 + 1 / (1 + 2 * v) - 2 / (2 + v) - 2 / 3 * (1 - exp(-0.36 / 6)), 1.0, 9.0) ** 0.5
"""Scale of a model as far from N(0, I₂) as its shift by 0.6, with the Gaussian kernel of bandwidth 1.

E k of N(δ, vI₂) is exp(−δ²/2(1 + v))/(1 + v), and v is 2, 1 + s² or 2s² between or within the laws.
"""

Draws = Callable[[Generator, int, int, int], tuple[Tensor, Tensor, Tensor]]


def shifted(g: Generator, n: int, a: int, b: int) -> tuple[Tensor, Tensor, Tensor]:
    """Both models shifted equally far, along different axes."""
    return normal(g, n, 2), normal(g, a, 2, 0.6), normal(g, b, 2, 0.6, axis=1)


def widened(g: Generator, n: int, a: int, b: int) -> tuple[Tensor, Tensor, Tensor]:
    """One model shifted, the other wider."""
    return normal(g, n, 2), normal(g, a, 2, 0.6), normal(g, b, 2, scale=WIDER)


def alike(g: Generator, n: int, a: int, b: int) -> tuple[Tensor, Tensor, Tensor]:
    """All three laws equal."""
    return normal(g, n, 2), normal(g, a, 2), normal(g, b, 2)


@cache
def relative(draws: Draws, n: int, a: int, b: int) -> Trial:
    """The outcome of the three-sample test."""
    return lambda g, i: three_sample_test(*draws(g, n, a, b), kernel=Gaussian(1.0))


def ranked(n: int, m: int) -> Trial:
    """Does a ranking of three equally far models call any of them better?"""

    def trial(g: Generator, i: int) -> bool:
        models = {str(axis): normal(g, m, 3, 0.6, axis=axis) for axis in range(3)}
        found = ranking(normal(g, n, 3), models, kernel=Gaussian(1.0), level=LEVEL)
        return any(c.better for c in found.comparisons)

    return trial


def corrected(tests: int, correlation: float) -> Trial:
    """Does Holm's rule reject any of so many true hypotheses with equally correlated normal statistics?"""

    def trial(g: Generator, i: int) -> bool:
        own, common = torch.randn(tests, generator=g), torch.randn(1, generator=g)
        z = (1 - correlation) ** 0.5 * own + correlation**0.5 * common
        return min(holm(norm.sf(z.double().numpy()).tolist())) <= LEVEL

    return trial


# Intervals: laws whose distance is known -------------------------------------------------------------------------


def covers(interval: tuple[float, float], truth: float) -> bool:
    """Is the truth inside?"""
    return interval[0] <= truth <= interval[1]


def interval_of(metric: Metric, truth: float, n: int, m: int, d: int, shift: float) -> Trial:
    """Does the score's interval cover, between N(0, I) and its shift?"""
    return lambda g, i: covers(metric(normal(g, n, d), normal(g, m, d, shift))[0].interval, truth)


def difference(kernel: Kernel, truth: float, n: int, m: int, d: int, shifts: tuple[float, float]) -> Trial:
    """Does the interval of a difference cover, the models shifted by so much?"""

    def trial(g: Generator, i: int) -> bool:
        x, a, b = normal(g, n, d), normal(g, m, d, shifts[0]), normal(g, n, d, shifts[1], axis=d - 1)
        return covers(three_sample_test(x, a, b, kernel=kernel).interval, truth)

    return trial


def mmd(shift: float, d: int) -> float:
    """2·(1/3)^{d/2}·(1 − exp(−δ²/6)): MMD² of a shift, bandwidth 1."""
    return 2 * 3 ** (-d / 2) * (1 - exp(-(shift**2) / 6))


def energy(shift: float) -> float:
    """2E|N(δ, 2)| − 2E|N(0, 2)| on the line."""
    mean = lambda s: 2 / pi**0.5 * exp(-(s**2) / 4) + s * (2 * NormalDist().cdf(s / 2**0.5) - 1)
    return 2 * (mean(shift) - mean(0.0))


def kid(shift: float, d: int) -> float:
    """MMD² of (⟨x, y⟩/d + 1)³ = Σ_j binom(3, j)·⟨x, y⟩ʲ/dʲ: squared differences of the moment tensors of order j.

    Of N(δe, I) against N(0, I): first δe; second δ²ee; third δ³eee + δ(eI + its two permutations), which is δ³ + 3δ on
    eee and δ on each of 3(d − 1) entries.
    """
    third = (shift**3 + 3 * shift) ** 2 + 3 * (d - 1) * shift**2
    return 3 * shift**2 / d + 3 * shift**4 / d**2 + third / d**3


def bits(n: int, d: int, scale: float) -> Trial:
    """Does the interval of the bits per dimension of N(0, I) data under N(0, scale²·I) cover the cross-entropy?"""
    truth = (log(2 * pi * scale**2) + 1 / scale**2) / (2 * log(2))

    def trial(g: Generator, i: int) -> bool:
        x = normal(g, n, d)
        nats = -x.square().sum(1) / (2 * scale**2) - d / 2 * log(2 * pi * scale**2)
        return covers(bits_per_dimension(nats, d).interval, truth)

    return trial


FRESH = 2000
"""New rows a side on which the classifiers are tried; their binomial error is a third of the interval's, or less."""


def told_apart(n: int, m: int, d: int, shift: float) -> Trial:
    """Does the interval of C2ST cover the accuracy that its five classifiers have on new rows?"""

    def trial(g: Generator, i: int) -> bool:
        x, y, new = normal(g, n, d), normal(g, m, d, shift), (normal(g, FRESH, d), normal(g, FRESH, d, shift))
        draw, pooled, is_data = generator(i), torch.cat([x, y]), torch.arange(n + m)[:, None] < n
        features_of = FourierFeatures.of(pooled, draw)
        seen, fold, (of_x, of_y) = features_of(pooled), fold_numbers(n, m, C2ST.folds, draw), map(features_of, new)
        parts = [(seen[fold != f], is_data[fold != f].double()) for f in range(C2ST.folds)]
        right = [
            ((discriminant_values(of_x, *p) > 0).double().mean() + (discriminant_values(of_y, *p) < 0).double().mean())
            / 2
            for p in parts
        ]
        return covers(C2ST(seed=i)(x, y)[0].interval, float(sum(right)) / C2ST.folds)

    return trial


# The table --------------------------------------------------------------------------------------------------------

two_sample = partial(two_sample_test, permutations=199)
one_kernel = partial(two_sample, kernels=[Gaussian(1.0)])
classifier = partial(classifier_test, permutations=99)

BOUNDARY = [(shifted, 200, 200, 200), (shifted, 300, 200, 400), (widened, 200, 200, 200), (widened, 250, 400, 200)]

UNEQUAL = [(50, 50, 1000), (60, 120, 40), (1000, 30, 30), (200, 20, 2000)]

SAMPLERS = [(d, shift, scale) for d in (2, 20) for shift in (0, 1) for scale in (0.3, 1, 2)]

LEVELS = [
    Simulation("two_sample_test", "N(0, I), d = 2", 50, "50", equal_laws(two_sample, 50, 50, 2), exact),
    Simulation("two_sample_test", "N(0, I), d = 20", 30, "60", equal_laws(two_sample, 30, 60, 20), exact),
    Simulation("two_sample_test, one kernel", "N(0, I), d = 2", 40, "25", equal_laws(one_kernel, 40, 25, 2), exact),
    Simulation("classifier_test", "N(0, I), d = 2", 50, "50", equal_laws(classifier, 50, 50, 2), exact),
    Simulation("classifier_test", "N(0, I), d = 5", 40, "80", equal_laws(classifier, 40, 80, 5), exact),
    Simulation("memorisation", "N(0, I), d = 3, 60 training rows", 40, "40", unseen(40, 40, 60, 3), exact),
    Simulation("memorisation", "N(0, I), d = 3, 300 training rows", 100, "200", unseen(100, 200, 300, 3), exact),
    *(
        Simulation("memorisation of none", f"N({shift}, {scale}²·I), d = {d}", 200, "200", never_saw(d, shift, scale),
                   never_more, simulations=1000)
        for d, shift, scale in SAMPLERS
    ),
    *(
        Simulation("memorisation of one in ten", f"N(0, {scale}²·I), d = {d}, noise {noise}", 200, "200",
                   never_saw(d, 0, scale, 20, noise), powerful, simulations=200)
        for d in (2, 20) for scale in (0.3, 1, 2) for noise in (0.0, 0.01)
    ),
    *(
        Simulation("three_sample_test, small samples", f"{draws.__name__} models", n, f"{a} and {b}",
                   relative(draws, n, a, b), exact, two_sided)
        for draws in (shifted, widened) for n, a, b in UNEQUAL
    ),
    *(
        Simulation("three_sample_test", f"{draws.__name__} models", n, f"{a} and {b}", relative(draws, n, a, b), *read)
        for draws, n, a, b in BOUNDARY
        for read in ((exact, two_sided), (exact, closer), (exact, farther), (not_small, uniform))
    ),
    Simulation("three_sample_test", "three equal laws", 200, "200 and 200", relative(alike, 200, 200, 200),
               at_most, two_sided),
    Simulation("ranking", "three models, equally far", 200, "200 each", ranked(200, 200), at_most),
    Simulation("holm", "5 independent tests", 1, "1", corrected(5, 0.0), at_most),
    Simulation("holm", "5 tests, correlation 0.5", 1, "1", corrected(5, 0.5), at_most),
]  # fmt: skip

COVERAGE = [
    *(
        Simulation(f"interval of {metric.name}", f"shift {s}, d = {d}", n, str(m),
                   interval_of(metric, truth(s), n, m, d, s), coverage)
        for n, m in ((200, 200), (200, 500))
        for metric, truth, d, s in (
            (KernelDistance(Gaussian(1.0)), partial(mmd, d=2), 2, 0.7),
            (EnergyDistance(), energy, 1, 0.5),
            (KID(), partial(kid, d=8), 8, 1.0),
        )
    ),
    *(
        Simulation(f"interval of a difference, {name}", f"shifts {s[0]} and {s[1]}, d = {d}", n, f"{m} and {n}",
                   difference(k, truth(s[0]) - truth(s[1]), n, m, d, s), coverage)
        for n, m in ((200, 200), (200, 500))
        for name, k, truth, d, s in (
            ("mmd", Gaussian(1.0), partial(mmd, d=2), 2, (0.7, 0.5)),
            ("energy", 2.0 * Distance(), energy, 1, (0.7, 0.5)),
            ("kid", Polynomial(3), partial(kid, d=8), 8, (1.0, 0.7)),
        )
    ),
    Simulation("interval of c2st", "shift 0.8, d = 2", 200, "200", told_apart(200, 200, 2, 0.8), coverage,
               simulations=600),
    *(
        Simulation("interval of bits-per-dimension", f"d = {d}, under scale {s}", n, "", bits(n, d, s), coverage)
        for n, d, s in ((200, 2, 1.5), (400, 1, 0.7))
    ),
]  # fmt: skip

TABLE = (*LEVELS, *COVERAGE)


def of_test(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """The rows of one test, for a process of its own."""
    torch.set_num_threads(1)
    folder.mkdir(parents=True, exist_ok=True)
    return {"rows": [s.run() for s in TABLE if s.test == cell["test"]]}


def main() -> None:
    """Run what was not run before, and write the table."""
    from benchmarks.common.cells import measured, write

    argparse.ArgumentParser(description=__doc__).parse_args()
    tests = measured("levels", [{"test": test} for test in dict.fromkeys(s.test for s in TABLE)], of_test)
    write("levels", [row for test in tests for row in test["rows"]])


if __name__ == "__main__":
    main()
