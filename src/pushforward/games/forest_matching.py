"""The loop in which trees look for boxes of cells whose masses differ, and the sampler moves its exact masses there."""

from collections.abc import Callable, Mapping

import torch
from jaxtyping import Float, Int64
from torch import Tensor
from torch.nn.functional import one_hot

from pushforward import ranks
from pushforward.games.base import Game, TrainingRows, Turn
from pushforward.games.boxes import masses
from pushforward.games.leaf_bank import LeafBank
from pushforward.samplers import ProductHeads
from pushforward.spaces import Batch, Space
from pushforward.tuning import Adam, Optimizer

ROWS = 200_000
"""Training rows that are taken, at most."""

GROWN = 8000
"""Rows of data, and as many samples, that trees are grown on, at most."""

PAIRED = 2000
"""Codes of all columns together, at most, for which pairs of them are matched too."""

SCALE = 20.0
"""The weight of leaves beside that of pairs."""

SMALL = 1e-4, 1e-3
"""Shares of leaves, and products of shares of codes, below which differences count less."""


class ForestMatching(Game):
    """min_g Σ_A (q(A) − p(A))²/(q(A) + p(A)), A the leaves of trees that tell data from samples, q(A) exact given z.

        repeat: every so many turns trees are grown on data and samples; the leaves of the last ones are kept
                q(A) = E_z Π_i Σ_{a∈A_i} p_i(a|z),  by either half of the z:  q₁ and q₂
                g descends  20·mean over trees of Σ_A (q₁ − p)(q₂ − p)/(q + p)
                and every second turn  w·Σ_ab (q(a, b) − p(a, b))²/p(a)p(b),  pairs of codes; in the first turns alone

    The product over halves has the mean (q − p)²: the noise of z adds nothing. Leaves are products of sets of codes; of
    levels each tree sees an order of its own. What is lowered is an MMD whose kernel counts the trees in which two rows
    share a leaf, weighed by its mass.

    Args:
        space: of the points.
        sampler: with laws of codes that are independent given z.
        trees: that are grown at a time.
        leaves: of each, at most.
        every: turns after which new ones are grown.
        generations: how many times so many are kept.
        at_once: leaves in a step, some by lot.
        pairs: w, once there are trees; 1 before.
        alone: turns before the first trees.
        tune: the sampler's optimiser.
        batch_size: z in a step.
    """

    sampler: ProductHeads

    def __init__(
        self,
        space: Space,
        sampler: ProductHeads,
        trees: int = 6,
        leaves: int = 64,
        every: int = 40,
        generations: int = 8,
        at_once: int = 400,
        pairs: float = 0.3,
        alone: int = 100,
        tune: Optimizer = Adam(),
        batch_size: int = 600,
    ):
        super().__init__()
        self.space, self.sampler, self.batch_size = space, sampler, batch_size
        self.every, self.at_once, self.pairs, self.alone = every, at_once, pairs, alone
        labels = [sampler.classes] if sampler.classes else []
        ordered = [False] * len(labels) + [column.ordered for column in sampler.column_codes]
        self.bank = LeafBank([*labels, *sampler.sizes], ordered, trees, leaves, generations)
        self.tune: Mapping[str, Optimizer] = {"sampler": tune}
        self._codes, self._both = torch.zeros(0, len(ordered), dtype=torch.int64), torch.zeros(0, 0)

    def prepare(self, data: TrainingRows) -> None:
        """Give the sampler its bins and shares; take the codes of training rows, and the shares of pairs of these."""
        x, device = data.all(ROWS), self.sampler.device
        self.sampler.prepare(x._replace(x=x.x.to(device)))
        self._codes = self._beside(x.label, self.sampler.codes(x.x.to(device))).cpu()
        if sum(self.bank.sizes) <= PAIRED:
            self._both = shares_of_pairs(self._codes, self.bank.sizes).to(device)

    def step(self, batch: Callable[[], Batch], turn: Turn) -> None:
        """Take one turn of the loop above."""
        x, bank, paired = batch(), self.bank, len(self._both) > 0
        if turn.number >= self.alone * paired and not (bank.grown and turn.number % self.every):
            self.grow()
        z = ranks.share(self.sampler.draw_noise(len(x.x) * ranks.size()))
        p, terms = ranks.gather(self.laws(z, x.label)), dict[str, Tensor]()
        if paired and not (bank.grown and turn.number % 2):
            terms["pairs"] = pair_distance(p, self._both, bank.sizes) * (self.pairs if bank.grown else 1.0)
        if bank.grown:
            boxes, shares, each = bank.some(self.at_once)
            terms["leaves"] = SCALE * each * discrimination(masses(p, boxes, bank.sizes), shares)
        turn.minimize(self.sampler, torch.stack(list(terms.values())).sum(), **terms)

    def grow(self) -> None:
        """Take new trees, grown on some rows and as many samples, into the bank."""
        n = min(GROWN, len(self._codes))
        some = self._codes[torch.randint(len(self._codes), (n,))]
        z = self.sampler.draw_noise(n)
        label = some[:, 0].to(z.device) if self.sampler.classes else None
        with torch.no_grad():
            chosen = torch.stack([code for code, _ in self.sampler.chosen(z, label)], 1)
        self.bank.grow(some, self._beside(label, chosen).cpu(), self._codes)

    def laws(self, z: Tensor, label: Tensor | None) -> Float[Tensor, "n c"]:
        """Return the laws of all columns given z, that of the class first where there are classes: its indicator."""
        p = self.sampler.laws(z, label)
        if label is None or not self.sampler.classes:
            return p
        return torch.cat([one_hot(label, self.sampler.classes).to(p), p], 1)

    def _beside(self, label: Tensor | None, codes: Int64[Tensor, "n c"]) -> Int64[Tensor, "n k"]:
        """Return the codes of all columns, the class first where the sampler takes one."""
        return torch.cat([label.to(codes)[:, None], codes], 1) if self.sampler.classes and label is not None else codes


def discrimination(q: Float[Tensor, "n l"], p: Float[Tensor, " l"]) -> Float[Tensor, ""]:
    """Σ (q₁ − p)(q₂ − p)/(q + p), q₁ and q₂ the means of either half of the rows, q that of all, held fast.

    Args:
        q: masses of boxes, a row for each z.
        p: shares of the data.
    """
    first, second = (half.mean(0) - p for half in q.tensor_split(2))
    return (first * second / (p + q.mean(0).detach() + SMALL[0])).sum()


def pair_distance(q: Float[Tensor, "n c"], both: Float[Tensor, "c c"], sizes: list[int]) -> Float[Tensor, ""]:
    """Σ_ab (q_ab − p_ab)²/p_a p_b over codes of different columns, and Σ_a (q_a − p_a)²/p_a, over their number.

    Args:
        q: laws of all columns, a row for each z.
        both: p_ab, shares of pairs of codes in the data; on the diagonal p_a.
        sizes: codes of each column.
    """
    alone = both.diagonal()
    column = torch.arange(len(sizes), device=q.device).repeat_interleave(torch.tensor(sizes, device=q.device))
    weight = (column[:, None] != column) / (alone[:, None] * alone + SMALL[1])
    pairs = (weight * (q.T @ q / len(q) - both).square()).sum()
    return (pairs + ((q.mean(0) - alone).square() / (alone + SMALL[1])).sum()) / len(alone)


def shares_of_pairs(codes: Int64[Tensor, "n c"], sizes: list[int]) -> Float[Tensor, "k k"]:
    """Return the share of rows that have both of two codes, of all columns; on the diagonal that of each."""
    total = torch.zeros(sum(sizes), sum(sizes))
    for rows in codes.split(4096):
        seen = torch.cat([one_hot(c, k).float() for c, k in zip(rows.T, sizes, strict=True)], 1)
        total += seen.T @ seen
    return total / len(codes)
