"""The leaves of the trees that were grown last, on coded columns, with the shares of data in them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn

from pushforward.games.boxes import boxes_of

LEAST = 40
"""Rows of data and samples in a leaf, at least."""

COLUMNS, SHUFFLED = 0.6, 0.1
"""Share of the columns that a split chooses from, and of columns of numbers that a tree sees shuffled like levels."""


class LeafBank(nn.Module):
    """A store of boxes, products of sets of codes, and of their shares of the data, for so many generations of trees.

    Args:
        sizes: codes of each column.
        ordered: whether the codes of a column have an order; those of others each tree sees in one of its own.
        trees: of a generation.
        leaves: of a tree, at most.
        generations: that are kept.
    """

    def __init__(self, sizes: Sequence[int], ordered: Sequence[bool], trees: int, leaves: int, generations: int):
        super().__init__()
        self.sizes, self.ordered, self.trees, self.leaves = list(sizes), list(ordered), trees, leaves
        self.boxes = nn.Buffer(torch.zeros(generations, trees * leaves, sum(sizes), dtype=torch.bool))
        self.shares = nn.Buffer(torch.zeros(generations, trees * leaves))
        self.grown = nn.Buffer(torch.tensor(0))

    @torch.no_grad()
    def grow(self, data: Int64[Tensor, "n c"], drawn: Int64[Tensor, "n c"], everything: Int64[Tensor, "m c"]) -> None:
        """Put the leaves of new trees, which tell data from samples, in the place of the oldest.

        Args:
            data: codes of some rows.
            drawn: of as many samples.
            everything: of all rows, whose shares are taken.
        """
        seen, told = torch.cat([data, drawn]).numpy(), np.arange(2 * len(data)) < len(data)
        place = int(self.grown) % len(self.boxes)
        self.boxes[place], self.shares[place] = False, 0.0
        for k in range(self.trees):
            orders = self._orders()
            tree = _grown(_placed(seen, orders), told, self.leaves)
            boxes = boxes_of(tree.tree_, orders)
            held = np.bincount(tree.apply(_placed(everything.numpy(), orders)), minlength=tree.tree_.node_count)
            share = held[tree.tree_.children_left < 0] / len(everything)
            at = slice(k * self.leaves, k * self.leaves + len(boxes))
            self.boxes[place, at] = torch.from_numpy(boxes).to(self.boxes.device)
            self.shares[place, at] = torch.from_numpy(share).to(self.shares)
        self.grown.add_(1)

    def some(self, count: int) -> tuple[Tensor, Tensor, float]:
        """Return boxes by lot, their shares of the data, and for how many of a tree each of them stands.

        Args:
            count: of boxes, at most.
        """
        there = self.boxes.any(2).flatten().nonzero()[:, 0]
        some = there[torch.randperm(len(there), device=there.device)[:count]]
        trees = self.trees * min(int(self.grown), len(self.boxes))
        return self.boxes.flatten(0, 1)[some], self.shares.flatten()[some], len(there) / len(some) / trees

    def _orders(self) -> list[np.ndarray]:
        """Return the place of each code of each column in an order: of numbers mostly their own."""
        kept = [o and float(torch.rand(())) >= SHUFFLED for o in self.ordered]
        return [np.arange(k) if o else torch.randperm(k).numpy() for o, k in zip(kept, self.sizes, strict=True)]


def _placed(codes: np.ndarray, orders: Sequence[np.ndarray]) -> Float[np.ndarray, "n c"]:
    return np.stack([order[c] for order, c in zip(orders, codes.T, strict=True)], 1).astype(np.float32)


def _grown(table: Float[np.ndarray, "n c"], told: np.ndarray, leaves: int) -> Any:
    """Return a tree, the most telling split first, which sees some of the columns at each."""
    from sklearn.tree import DecisionTreeClassifier

    seed = int(torch.randint(2**31, ()))
    tree = DecisionTreeClassifier(
        max_leaf_nodes=leaves, min_samples_leaf=LEAST, max_features=COLUMNS, random_state=seed
    )
    return tree.fit(table, told)
