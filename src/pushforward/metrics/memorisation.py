"""Does the sampler copy its training data? Its samples against unseen data, by their distance to the training rows."""

from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
from scipy.stats import rankdata
from torch import Tensor

from pushforward.errors import Refused
from pushforward.kernels.pairwise import squared_distance
from pushforward.metrics.neighbours import nearest
from pushforward.metrics.rows import Array, chosen, generator, rows, subset
from pushforward.metrics.score import Score
from pushforward.metrics.tails import below

NEAR = 0.01
"""Share of unseen data that lies at a distance called near."""

SHOWN = 14
"""Samples that are named with the training row they are nearest to."""


@dataclass(frozen=True)
class Memorisation:
    """Outcome of the training-copy test.

    Args:
        closer: probability that a sample lies nearer to a training row than an unseen datum does, ties counted half;
            0.5 where the sampler does not copy, above where it does, below where its samples stay off the data.
        stderr: of `closer`.
        statistic: Mann–Whitney z, C_T; far below 0 for copies.
        p_value: of one side, "nearer than unseen data".
        level: below or at which p is called a rejection.
        copies: share of samples that equal a training row in every coordinate.
        copies_unseen: the same share of unseen data.
        near: share of samples nearer to a training row than 99 % of the unseen data are; 0.01 is expected.
        train: rows of training data.
        unseen: rows of unseen data used.
        m: samples used.
        closest: rows of the samples nearest to a training row, and that row, the closest first.
    """

    closer: float
    stderr: float
    statistic: float
    p_value: float
    level: float
    copies: float
    copies_unseen: float
    near: float
    train: int
    unseen: int
    m: int
    closest: tuple[tuple[int, int], ...] = ()

    @property
    def rejected(self) -> bool:
        """The samples lie nearer to the training rows than unseen data, at that level."""
        return self.p_value <= self.level

    def score(self) -> Score:
        """`closer` as a score."""
        note = "0.5 where nothing is copied; below where samples stay off the data, which may hide copies"
        interval = (self.closer - 1.96 * self.stderr, self.closer + 1.96 * self.stderr)
        return Score("memorisation", self.closer, self.stderr, interval, "lower", "analytic", note)

    def to_json(self) -> dict[str, Any]:
        """The entry of `tests` in a verdict."""
        return {
            "statistic": self.statistic,
            "effect_size": 2 * self.closer - 1,
            "p_value": self.p_value,
            "level": self.level,
            "rejected": self.rejected,
        }


def memorisation(
    train: Array, unseen: Array, y: Array, *, level: float = 0.05, most: int | None = 2000, seed: int = 0
) -> Memorisation:
    """Mann–Whitney z between min ‖y − train‖ and min ‖unseen − train‖, one-sided towards copies.

    Unseen data from the same law is what makes a distance small or large: without it, copying cannot be told from a
    good fit. Samples that stay off the data (blurred pictures) score below 0.5 even if some of them are copies, so no
    outcome proves that nothing was memorised.

    Args:
        train: rows that the sampler was fitted to; all are used.
        unseen: rows of the same law that it never saw; at least 2.
        y: samples; at least 2.
        level: of the test, between 0 and 1.
        most: rows of `unseen` and of `y` that are used, drawn at random from more; None uses all.
        seed: of that draw.

    Raises:
        Refused: if there are too few rows, the widths differ, a value is not finite, or level is out of range.
    Source: Meehan, Chaudhuri, Dasgupta (2020), arXiv 2004.05675, equation 1; DeLong (1988) for the error.
    Differs: one cell, the whole space; ties are corrected for.
    Example:
        >>> draw = torch.Generator().manual_seed(0)
        >>> train, unseen = torch.randn(2, 100, 2, generator=draw)
        >>> memorisation(train, unseen, train).copies
        1.0
    """
    if not 0 < level < 1:
        raise Refused(f"level of memorisation must lie between 0 and 1, got {level}; the usual one is 0.05.")
    train = rows(train, "train", whose="memorisation")
    draw, given = generator(seed), {"unseen": unseen, "y": y}
    unseen, y = (rows(z, name, least=2, whose="memorisation") for name, z in given.items())
    unseen, used = subset(unseen, most, draw), chosen(len(y), most, draw)
    y = y[used]
    if not train.shape[1] == unseen.shape[1] == y.shape[1]:
        widths = f"{train.shape[1]}, {unseen.shape[1]} and {y.shape[1]}"
        raise Refused(
            f"train, unseen and y of memorisation must be equally wide, got {widths}; encode all the same way."
        )
    of_unseen, of_y = (nearest(z, train, 1) for z in (unseen, y))
    closer, stderr = _nearer(of_y, of_unseen)
    z = _mann_whitney(of_y, of_unseen)
    return Memorisation(
        closer=closer,
        stderr=stderr,
        statistic=z,
        p_value=below(z),
        level=level,
        copies=float((of_y == 0).double().mean()),
        copies_unseen=float((of_unseen == 0).double().mean()),
        near=float((of_y < of_unseen.quantile(NEAR)).double().mean()),
        train=len(train),
        unseen=len(unseen),
        m=len(y),
        closest=_closest(y, train, of_y, used),
    )


def _closest(y: Float[Tensor, "m d"], train: Float[Tensor, "l d"], apart: Tensor, used: Tensor) -> tuple[Any, ...]:
    """The samples nearest to a training row, numbered as they were given, and that row."""
    first = apart.argsort()[:SHOWN]
    return tuple(zip(used[first].tolist(), squared_distance(y[first], train).argmin(1).tolist(), strict=True))


def _mann_whitney(a: Float[Tensor, " m"], b: Float[Tensor, " n"]) -> float:
    """Mann–Whitney z of the sum of ranks of a, continuity and ties corrected: negative where a is smaller."""
    m, n, ranks = len(a), len(b), torch.from_numpy(rankdata(torch.cat([a, b]).numpy()))
    u = float(ranks[:m].sum()) - m * (m + 1) / 2
    counts = ranks.unique(return_counts=True)[1].double()
    ties = float((counts**3 - counts).sum()) / ((m + n) * (m + n - 1))
    variance = m * n / 12 * (m + n + 1 - ties)
    return 0.0 if variance == 0 else (u - m * n / 2 + 0.5) / variance**0.5


def _nearer(a: Float[Tensor, " m"], b: Float[Tensor, " n"]) -> tuple[float, float]:
    """P(a < b) + ½P(a = b) and its standard error from the placements of each value among the others."""
    both, of_a, of_b = (rankdata(v.numpy()) for v in (torch.cat([a, b]), a, b))
    above = 1 - (both[: len(a)] - of_a) / len(b)
    below = (both[len(a) :] - of_b) / len(a)
    variance = above.var(ddof=1) / len(a) + below.var(ddof=1) / len(b)
    return float(above.mean()), float(variance**0.5)
