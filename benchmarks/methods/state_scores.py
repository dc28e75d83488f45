"""How surely a score sees what is wrong with samples: the paired difference to good ones, in its standard errors.

    python -m benchmarks.methods.state_scores

Good samples are 2,000 training rows; the faulty ones are these rows changed, so that both face the validation part as
two states of a run do. Faults: a twentieth of the training rows repeated (collapsed), rows pulled half-way to the mean
of their ten neighbours (blurred), noise of a seventh of the median distance added (noisy), and one class in ten, or of
the ring one arc in eight, replaced by others (missed). A minute of one core.
"""

from collections.abc import Callable

import torch
from torch import Tensor

import pushforward as pf
from benchmarks.common.cells import write
from pushforward.kernels import Gaussian, Median
from pushforward.metrics import EnergyDistance, KernelDistance, KernelScore, LocalMMD, Trace, paired_error
from pushforward.metrics.scores.local_mmd import bandwidths
from pushforward.metrics.scores.mmd import of_sums

SAMPLES, NEIGHBOURS = 2000, 10


def scores(x: Tensor) -> dict[str, KernelScore]:
    """Return the scores that were considered, the mean of Gaussians of local MMD's bandwidths among them."""
    near, between, far = bandwidths(x, 5)
    return {
        "energy": EnergyDistance(),
        "mmd": KernelDistance(),
        "mmd from an eighth": KernelDistance(0.2 * Gaussian(Median((0.125, 0.25, 0.5, 1.0, 2.0)))),
        "neighbours alone": KernelDistance(Gaussian(near)),
        "unweighted": KernelDistance((1 / 3) * Gaussian((near, between, far))),
        "local-mmd": LocalMMD(),
    }


def faults(train: Tensor, groups: Tensor, g: torch.Generator) -> dict[str, Callable[[Tensor], Tensor]]:
    """Return functions of row numbers that give faulty samples.

    Args:
        train: rows.
        groups: of which the first is missed.
        g: of what is random.
    """
    few = torch.randperm(len(train), generator=g)[: len(train) // 20]
    others = (groups != groups.min()).nonzero().flatten()
    noise = Median().of(train)[0] / 7 * torch.randn(SAMPLES, train.shape[1], generator=g, dtype=torch.float64)
    near = lambda rows: torch.cdist(train[rows], train).topk(NEIGHBOURS, largest=False).indices
    return {
        "collapsed": lambda rows: train[few[rows % len(few)]],
        "blurred": lambda rows: 0.5 * train[rows] + 0.5 * train[near(rows)].mean(1),
        "noisy": lambda rows: train[rows] + noise / train.shape[1] ** 0.5,
        "missed": lambda rows: train[torch.where(groups[rows] == groups.min(), others[rows % len(others)], rows)],
    }


def rows_of(name: str) -> list[dict[str, object]]:
    """Return a row for each score: how many standard errors of the paired difference each fault makes."""
    data, g = pf.data.load(name), torch.Generator().manual_seed(0)
    part = data.train.all(len(data.train))
    x, train = data.validation.all(2000).x.flatten(1).double(), part.x.flatten(1).double()
    arcs = (torch.atan2(train[:, 1], train[:, 0]) / torch.pi * 4 + 0.5).floor() % 8
    groups = arcs if part.label is None else part.label
    rows = torch.randint(len(train), (SAMPLES,), generator=g)
    table = []
    for score, metric in scores(x).items():
        sums = metric.sums_against(x)
        good, seen = sums(train[rows]), {}
        for fault, samples in faults(train, groups, torch.Generator().manual_seed(1)).items():
            bad = sums(samples(rows))
            change = of_sums(score, bad).value - of_sums(score, good).value
            seen[fault] = change / paired_error(Trace.of(bad), Trace.of(good))
        table.append({"data": name, "rows": len(x), "score": score, **seen})
        print(table[-1], flush=True)
    return table


if __name__ == "__main__":
    torch.set_num_threads(1)
    write("state_scores", [row for name in ("digits", "ring") for row in rows_of(name)])
