"""The test for copies of training rows, by samples' distances to training rows against those to unseen rows."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.errors import Refused
from pushforward.metrics.base import Score, Title
from pushforward.metrics.numerics.checked_arrays import Array, draw_indices, generator, rows
from pushforward.metrics.numerics.neighbours.duplicates import identities
from pushforward.metrics.numerics.neighbours.pooled_nearest import NearestRows
from pushforward.metrics.significance.nearest_relabelled import Votes
from pushforward.progress import step

TITLE = Title(
    "memorisation", "how often samples lie nearer to training rows than to as many unseen ones; 0.5 by chance"
)

RELABELLINGS = 999

LEAST_TAIL = 5
"""Samples in the smallest tail that is looked at: fewer rows cannot be surely of one kind."""


@dataclass(frozen=True)
class Memorisation:
    """The outcome of the test for copies of training rows: an effect, a p-value and the closest pairs.

    Args:
        closer: probability that a sample lies nearer to a training row than to an unseen one, of equally many rows of
            either; 0.5 where the sampler does not copy, above where it does.
        stderr: of `closer`.
        statistic: largest standardised number of training rows among the nearest rows, over tails of the samples;
            far above 0 for copies.
        p_value: of one side, "nearer to training rows", by relabelling training and unseen rows; never 0.
        level: below or at which p is called a rejection.
        copies: share of samples that equal a training row in every coordinate.
        copies_unseen: the same share of unseen data.
        tail: number of samples, those that lie closest to any row, in which the statistic is largest.
        tail_copied: share of the tail whose nearest row is a training one, ties shared.
        train: rows of training data.
        unseen: rows of unseen data.
        m: samples used.
        closest: rows of the samples whose nearest row is a training one, and that row, the closest first.
    """

    closer: float
    stderr: float
    statistic: float
    p_value: float
    level: float
    copies: float
    copies_unseen: float
    tail: int
    tail_copied: float
    train: int
    unseen: int
    m: int
    closest: tuple[tuple[int, int], ...] = ()

    @property
    def rejected(self) -> bool:
        """Whether the samples lie nearer to the training rows than to unseen rows, at that level."""
        return self.p_value <= self.level

    @property
    def chance(self) -> float:
        """The share of nearest rows that are training rows where nothing is copied: their share of all rows."""
        return self.train / (self.train + self.unseen)

    def score(self) -> Score:
        """Return `closer` as a score, with its confidence interval."""
        note = "0.5 where nothing is copied; a few copies move it little, and are the test's to find"
        interval = (self.closer - 1.96 * self.stderr, self.closer + 1.96 * self.stderr)
        return Score("memorisation", self.closer, self.stderr, interval, "lower", "analytic", note)

    def to_json(self) -> dict[str, Any]:
        """Return the entry of `tests` in a verdict."""
        return {
            "statistic": self.statistic,
            "effect_size": 2 * self.closer - 1,
            "p_value": self.p_value,
            "level": self.level,
            "rejected": self.rejected,
        }


@step("the test for copies of training rows")
def memorisation(
    train: Array, unseen: Array, y: Array, *, level: float = 0.05, most: int | None = 2000, seed: int = 0
) -> Memorisation:
    """max over tails of (T − E T)/σ(T), T the samples whose nearest row of train ∪ unseen is of train.

    A sampler that never saw the training rows is as near to them as to unseen rows of the same law, wherever its
    samples lie and however narrow it is: given the samples, the two kinds of rows can be exchanged. Random relabellings
    of the rows therefore give an exact p-value for any sizes, for repeated rows and for discrete data. Copies lie
    closest, so T is also counted among the half, the quarter, … of the samples that lie closest to any row: by the
    distance itself, and by its ratio to that of the tenth nearest row, which finds copies where rows are sparse.

    Of c copied rows the p-value cannot fall below (l/(l + n))ᶜ for l training and n unseen rows: few unseen rows, or
    few samples, find copies only if they are many. No outcome proves that nothing was memorised.

    Args:
        train: rows that the sampler was fitted to; all are used.
        unseen: rows of the same law that it never saw; at least 2, all are used. Rows that are in train too tell
            nothing, and cost power.
        y: samples; at least 2.
        level: of the test, between 0 and 1.
        most: samples that are used, drawn at random from more; None uses all.
        seed: of that draw and of the relabellings.

    Raises:
        Refused: if there are too few rows, the widths differ, a value is not finite, or level is out of range.
    Source: Meehan, Chaudhuri, Dasgupta (2020), arXiv 2004.05675, for the question; Carlini et al. (2023), arXiv
        2301.13188, for distances relative to those of other neighbours.
    Differs: the samples' distances to training rows are compared with their distances to unseen rows, and not with the
        unseen rows' distances to training rows, by which a narrow sampler looks like one that copies.
    Example:
        >>> draw = torch.Generator().manual_seed(0)
        >>> train, unseen, new = torch.randn(3, 100, 2, generator=draw)
        >>> memorisation(train, unseen, train).p_value, memorisation(train, unseen, new / 9).rejected
        (0.001, False)
    """
    if not 0 < level < 1:
        raise Refused(f"level of memorisation must lie between 0 and 1, got {level}; the usual one is 0.05.")
    train = rows(train, "train", whose="memorisation")
    unseen, y = (rows(z, name, least=2, whose="memorisation") for name, z in (("unseen", unseen), ("y", y)))
    if not train.shape[1] == unseen.shape[1] == y.shape[1]:
        widths = f"{train.shape[1]}, {unseen.shape[1]} and {y.shape[1]}"
        raise Refused(
            f"train, unseen and y of memorisation must be equally wide, got {widths}; encode all the same way."
        )
    used = draw_indices(len(y), most, generator(seed))
    y = y[used]
    near = NearestRows.of(y, train, unseen)
    tails = torch.cat([_tails(near.square), _tails(near.relative)], dim=1)
    votes = Votes.of(near, tails)
    z = votes.standardised(RELABELLINGS, np.random.default_rng(seed))
    best = int(z[0].argmax())
    closer, stderr = _at_equal_sizes(Votes.of(near, torch.ones(len(y), 1)), len(train), len(unseen))
    of_train, of_unseen, of_y = identities(train, unseen, y)
    return Memorisation(
        closer=closer,
        stderr=stderr,
        statistic=float(z[0].max()),
        p_value=float((z.max(1) >= z[0].max() - 1e-9).mean()),
        level=level,
        copies=float(torch.isin(of_y, of_train).double().mean()),
        copies_unseen=float(torch.isin(of_unseen, of_train).double().mean()),
        tail=round(float(tails[:, best].sum())),
        tail_copied=float(votes.observed[best] / tails[:, best].sum()),
        train=len(train),
        unseen=len(unseen),
        m=len(y),
        closest=_closest(near, used),
    )


def _tails(squares: Float[Tensor, " m"]) -> Float[Tensor, "m tails"]:
    """Weights that pick the closest m, m/2, m/4, … samples, down to a few; those at equal distances share a place."""
    ordered, m = squares.sort().values, len(squares)
    before, upto = (torch.searchsorted(ordered, squares, right=right) for right in (False, True))
    sizes = [m / 2**halvings for halvings in range(m.bit_length()) if halvings == 0 or m / 2**halvings >= LEAST_TAIL]
    return torch.stack([((k - before) / (upto - before)).clamp(0, 1) for k in sizes], 1).double()


def _at_equal_sizes(votes: Votes, train: int, unseen: int) -> tuple[float, float]:
    """P(nearer to a training row) if both kinds had as many rows, and its error.

    The share s of samples whose nearest row is a training one belongs to l/n times as many chances: sn/(sn + (1 − s)l).
    The error is that of s, every row with the samples nearest to it being one observation, carried through this.
    """
    s, error = votes.share()
    whole = s * unseen + (1 - s) * train
    return s * unseen / whole, error * train * unseen / whole**2


def _closest(near: NearestRows, used: Tensor) -> tuple[tuple[int, int], ...]:
    """The samples nearest to a training row, numbered as they were given, and that row."""
    places = [(i, near.training_row[i]) for i in near.square.argsort(stable=True).tolist() if i in near.training_row]
    return tuple((int(used[i]), row) for i, row in places)
