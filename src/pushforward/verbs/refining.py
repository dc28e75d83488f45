"""The samples of a table after refinement: kept in proportion to a ratio of densities that held-out rows confirm."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import torch
from torch import Tensor

from pushforward.data import Data
from pushforward.errors import Refused
from pushforward.metrics import BoostedRatio, HeldOutGain, effective_share
from pushforward.metrics.numerics.cells import Column, blocks_of, columns
from pushforward.progress import tell
from pushforward.spaces import Batch, Image, Space
from pushforward.training import subseed
from pushforward.verbs.sifting import Sieve

if TYPE_CHECKING:
    from pushforward.verbs.run import Run

Refine = bool | Literal["auto"]
"""Whether samples are refined; auto where held-out rows say that it brings them nearer to the data."""

Draw = Callable[[int, int], Batch]
"""What gives so many samples of a seed."""

ROUNDS = 3
"""Rounds of trees, at most."""

ROWS, HELD, FRESH = 50_000, 10_000, 10_000
"""Training rows that trees are fitted to, held-out ones that judge them, and samples that do, at most."""

TOP = 0.995
"""Share of samples whose ratio is not cut."""

LEAST = 0.05
"""Share of samples that all rounds keep, at least."""

MOST = 100
"""Draws for each sample that is asked for, at most."""


@dataclass(frozen=True, eq=False)
class Round:
    """A share of samples to keep, min(r(x), c)/c, r the ratio of the densities of data and of those samples.

    Args:
        ratio: r.
        top: log c.
    """

    ratio: BoostedRatio
    top: float

    def log_share(self, x: Sequence[Column]) -> np.ndarray:
        """Return the logarithm of the share at rows."""
        return np.minimum(self.ratio.log_ratio(x) - self.top, 0.0)


@dataclass(frozen=True, eq=False)
class Refinement:
    """The law of samples that every round keeps; each was fitted to what the ones before had kept.

    Args:
        space: of the points.
        rounds: none leave samples as they are.
    """

    space: Space
    rounds: tuple[Round, ...] = ()

    def log_share(self, x: Batch) -> np.ndarray:
        """Return the logarithm of the share of samples at points that are kept."""
        seen = rows_for_trees(x, self.space)
        return sum((round.log_share(seen) for round in self.rounds), np.zeros(len(x.x)))

    def drawn(self, draw: Draw, n: int, seed: int) -> tuple[Batch, int]:
        """Return n samples that are kept, and of how many.

        Args:
            draw: gives samples.
            n: number of samples.
            seed: of them, and of what is kept.

        Raises:
            Refused: if hardly one is.
        """
        if not self.rounds:
            return draw(n, seed), n

        def good(more: Batch, tried: int) -> Tensor:
            u = torch.rand(n, generator=torch.Generator().manual_seed(subseed(seed, f"kept {tried}")))
            return u.double().log() < torch.from_numpy(self.log_share(more))

        sieve = Sieve(
            lambda tried: draw(n, subseed(seed, f"refined {tried}")),
            good,
            MOST * n,
            "--refine keeps",
            "leave it out, or fit a sampler that is nearer to the data",
        )
        return sieve.kept(n)[:2]


Refinements = dict[Hashable, tuple[Refinement, str]]
"""The rounds of trees of the samplers of a run, each with what is to be said of it."""


def refining(run: "Run", of: Hashable, own: Draw, draw: Draw, refine: Refine) -> Draw:
    """Return what draws refined samples, and says how many it keeps; it says first what refinement gains.

    The trees are fitted once for each sampler of a run that is open; a run that is opened again fits the same ones.

    Args:
        run: that is open.
        of: what its sampler is among those of the run.
        own: what its sampler draws by itself.
        draw: what is asked for, such as samples of a class.
        refine: True for a round of trees whatever held-out rows say.

    Raises:
        Refused: for pictures.
    """
    if (key := (of, refine)) not in run.refined:
        run.refined[key] = fitted(run.data, own, refine)
    found, words = run.refined[key]
    tell(words)

    def refined(n: int, seed: int) -> Batch:
        batch, tried = found.drawn(draw, n, seed)
        if found.rounds:
            tell(f"{100 * n / tried:.2g} % of {tried:,} samples are kept by refinement.")
        return batch

    return refined


def fitted(data: Data, own: Draw, refine: Refine) -> tuple[Refinement, str]:
    """Return the rounds of trees that held-out rows confirm, and what is to be said of them.

    Training rows fit the trees, rows of the validation part and samples that no tree has seen decide: a round counts if
    it makes the held-out rows likelier by more than chance. The test part is left to the verdict.

    Args:
        data: of the run.
        own: what the sampler draws by itself.
        refine: as in `refining`.

    Raises:
        Refused: for pictures.
    """
    if isinstance(data.space, Image):
        raise Refused("--refine is for tables and rows of numbers, whose columns trees compare; leave it out.")
    x, held, found = data.train.all(ROWS), data.validation.all(HELD), Refinement(data.space)
    seen, judging = (rows_for_trees(batch, data.space) for batch in (x, held))
    plain, kept = own(FRESH, subseed(0, "fresh")), 1.0
    for i in range(ROUNDS):
        y = found.drawn(own, len(x.x), subseed(i, "told"))[0]
        fresh = found.drawn(own, FRESH, subseed(i, "fresh"))[0] if i else plain
        ratio, others = BoostedRatio.fitted(seen, rows_for_trees(y, data.space)), rows_for_trees(fresh, data.space)
        new = Round(ratio, float(np.quantile(ratio.log_ratio(others), TOP)))
        gain = HeldOutGain.of(new.log_share(judging), new.log_share(others))
        kept *= float(np.exp(new.log_share(others)).mean())
        if kept < LEAST or (not gain.is_gain and not (refine is True and i == 0)):
            break
        found = Refinement(data.space, (*found.rounds, new))
    if not found.rounds:
        few = f"it would keep {100 * kept:.2g} % of samples, which are too far from the data; fit for longer."
        chance = f"it makes held-out rows {gain} likelier, which may be chance."
        return found, f"Refinement is left out: {few if kept < LEAST else chance}"
    shares = found.log_share(plain)
    total, count = HeldOutGain.of(found.log_share(held), shares), len(found.rounds)
    worth = 100 * effective_share(shares)
    return found, (
        f"Refined by {count} round{'s' if count > 1 else ''} of trees: held-out rows are {total} likelier; weights of "
        f"{len(plain.x):,} samples are worth {worth:.0f} % of them."
    )


def rows_for_trees(x: Batch, space: Space) -> list[Column]:
    """Return the columns of points, the class last where there is one."""
    found = columns(x.x.flatten(1), blocks_of(space))
    return found if x.label is None else [*found, Column("class", x.label.cpu().numpy().astype(float), space.classes)]
