"""The audit of samples of a table: whether they give training rows away, by distances, copies and an attack."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np

from pushforward.metrics.numerics.cells import Column, picked
from pushforward.metrics.numerics.row_distances import RowDistances
from pushforward.metrics.uncertainty.interval import NORMAL
from pushforward.metrics.uncertainty.rank_area import rank_area
from pushforward.progress import step

SAMPLES, ROWS, GUESSED = 2_000, 5_000, 1_000
"""Samples whose nearest rows are looked for, rows of each kind among these, and rows whose membership is guessed."""

ATTACKED = 20_000
"""Samples that an attacker has, at most."""


@dataclass(frozen=True)
class Audit:
    """The signs that samples give training rows away; none of them proves that they do not.

    Args:
        closer: share of samples that lie nearer to a training row than to an unseen one, of equally many of either;
            0.5 where nothing is copied.
        closer_error: its standard error.
        copies: share of samples that equal a training row in every cell.
        copies_error: its standard error.
        unseen_copies: share of unseen rows that do: duplicates between both.
        unseen_copies_error: its standard error.
        attack: how often an attacker picks the training row of a training row and an unseen one, by how much nearer to
            each a sample lies than a row that is neither; 0.5 is a guess.
        attack_error: its standard error.
        sizes: samples, rows of either kind among which the nearest are looked for, and rows of either kind that are
            guessed.
    """

    closer: float
    closer_error: float
    copies: float
    copies_error: float
    unseen_copies: float
    unseen_copies_error: float
    attack: float
    attack_error: float
    sizes: tuple[int, int, int]

    @property
    def signs(self) -> tuple[str, ...]:
        """The signs that speak for training rows in the samples, each beyond its 95 % interval."""
        more = NORMAL * sqrt(self.copies_error**2 + self.unseen_copies_error**2)
        found = {
            "nearer to training rows": self.closer - NORMAL * self.closer_error > 0.5,
            "copies": self.copies - self.unseen_copies > more,
            "membership is guessed": self.attack - NORMAL * self.attack_error > 0.5,
        }
        return tuple(sign for sign, seen in found.items() if seen)

    def to_json(self) -> dict[str, Any]:
        """Return the entry `audit` of the table in a verdict."""
        around = lambda value, error: [value - NORMAL * error, value + NORMAL * error]
        return {
            "closer": self.closer,
            "closer_interval": around(self.closer, self.closer_error),
            "copies": self.copies,
            "unseen_copies": self.unseen_copies,
            "attack": self.attack,
            "attack_interval": around(self.attack, self.attack_error),
            "signs": list(self.signs),
        }


@step("whether samples give training rows away")
def audit(train: Sequence[Column], unseen: Sequence[Column], y: Sequence[Column], seed: int = 0) -> Audit:
    """Compare samples with what their sampler was fitted to, beside rows of the same law that it never saw.

    Args:
        train: columns of the rows that the sampler was fitted to.
        unseen: columns of other rows of the same law; at least 4.
        y: columns of samples.
        seed: of the rows that are drawn.
    Source: Zhao et al. (2021), CTAB-GAN, for the distance to the closest record, its share as in Zhang et al. (2024),
        TabSyn; van Breugel et al. (2023), DOMIAS, for an attack that knows the law by a reference.
    Differs: the attack compares distances to the nearest row and not densities.
    """
    draw = np.random.default_rng(seed)
    some = lambda z, most: picked(z, draw.permutation(len(z[0].cells))[:most])
    distances = RowDistances(train)
    m, n = len(y[0].cells), min(ROWS, len(train[0].cells), len(unseen[0].cells))
    closer = _closer(distances, some(train, n), some(unseen, n), some(y, SAMPLES))
    k = min(GUESSED, len(train[0].cells), len(unseen[0].cells) // 2)
    held = some(unseen, len(unseen[0].cells))
    reference = picked(held, np.arange(k, min(k + ROWS, len(held[0].cells))))
    attack = _attacked(distances, some(train, k), picked(held, np.arange(k)), reference, some(y, ATTACKED))
    copies = [_copied(z, train) for z in (y, unseen)]
    return Audit(*closer, *copies[0], *copies[1], *attack, (min(m, SAMPLES), n, k))


def _closer(
    distances: RowDistances, train: Sequence[Column], unseen: Sequence[Column], y: Sequence[Column]
) -> tuple[float, float]:
    """Return the share of samples that are nearer to a training row, ties counted half, and its error.

    Samples share nearest rows, so that rows and not samples are the observations.
    """
    near = [distances.nearest(y, side) for side in (train, unseen)]
    vote = 0.5 + np.sign(near[1][0] - near[0][0]) / 2
    n = len(train[0].cells)
    a = np.bincount(near[0][1], weights=vote, minlength=n)
    b = np.bincount(near[1][1], weights=1 - vote, minlength=n)
    total = a.sum() + b.sum()
    share = a.sum() / total
    error = sqrt(n * ((1 - share) ** 2 * a.var() + share**2 * b.var())) / total
    return float(share), float(error)


def _attacked(
    distances: RowDistances,
    members: Sequence[Column],
    others: Sequence[Column],
    reference: Sequence[Column],
    y: Sequence[Column],
) -> tuple[float, float]:
    """Return the area of d(row, reference)/d(row, samples) between members and others, and its error."""
    values = []
    for rows in (members, others):
        to_samples, to_reference = (distances.nearest(rows, side)[0] for side in (y, reference))
        both = to_samples + to_reference
        values.append(np.where(both > 0, to_reference / np.where(both > 0, both, 1.0), 0.5))
    area, error, _ = rank_area(*values)
    return area, error


def _copied(rows: Sequence[Column], train: Sequence[Column]) -> tuple[float, float]:
    """Return the share of rows that equal a training row in every cell, and its error."""
    keys = lambda z: [row.tobytes() for row in np.nan_to_num(np.stack([c.cells for c in z], 1), nan=np.inf) + 0.0]
    known = set(keys(train))
    share = float(np.mean([key in known for key in keys(rows)]))
    return share, sqrt(share * (1 - share) / len(rows[0].cells))
