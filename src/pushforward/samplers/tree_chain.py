"""A chain of decision trees: each column drawn from a leaf of a tree on the columns before it."""

from collections.abc import Sequence

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn

from pushforward.samplers.row_columns import SeenCells
from pushforward.spaces import Batch, Block, OneOf


class TreeChain(SeenCells):
    """y_j ~ the j-th cells of the rows in the leaf of y_1 … y_{j−1}, by a tree that was grown for column j.

    Args:
        blocks: of a point's coordinates, in order.
        order: the columns, by the numbers of their blocks, in the order of drawing.
        leaf: rows of a leaf, at least; None for trees without a split, so that columns are independent.
        classes: number of labels, which are the first number that trees may split by.
    Source: Reiter (2005), Journal of Official Statistics 21; Nowok, Raab, Dibben (2016), Journal of Statistical
        Software 74, synthpop.
    Differs: scikit-learn's trees, which split levels by their place; cells are taken as they are, not smoothed.
    """

    def __init__(self, blocks: Sequence[Block], order: Sequence[Sequence[int]], leaf: int | None, classes: int = 0):
        super().__init__(blocks, order, classes)
        self.leaf = leaf
        self.feature = nn.Buffer(torch.full((len(order),), -1))
        self.threshold = nn.Buffer(torch.zeros(len(order), dtype=torch.float64))
        self.branches = nn.Buffer(torch.zeros(len(order), 2, dtype=torch.int64))
        self.spans = nn.Buffer(torch.tensor([[0, 1]] * len(order)))
        self.roots = nn.Buffer(torch.arange(len(order)))
        self.sorted = nn.Buffer(torch.zeros(len(order), 1, dtype=torch.int64))

    def fit(self, x: Batch) -> None:
        device, rows = self.rows.device, x.x.detach().cpu().float()
        numbers, trees, sorted_rows = self.numbers(rows, None if x.label is None else x.label.cpu()), [], []
        for j in range(len(self.order)):
            tree, order = self._grown(numbers[:, : j + self.features - len(self.order)], self.number(rows, j), j)
            trees.append(tree)
            sorted_rows.append(order)
        starts = torch.tensor([0, *(len(tree[0]) for tree in trees)]).cumsum(0)
        moved = [torch.where(tree[2] >= 0, tree[2] + start, 0) for tree, start in zip(trees, starts, strict=False)]
        found = {
            "rows": rows,
            "feature": torch.cat([tree[0] for tree in trees]),
            "threshold": torch.cat([tree[1] for tree in trees]),
            "branches": torch.cat(moved),
            "spans": torch.cat([tree[3] for tree in trees]),
            "roots": starts[:-1],
            "sorted": torch.stack(sorted_rows),
        }
        for name, t in found.items():
            setattr(self, name, nn.Buffer(t.to(device)))

    def push(self, z: Float[Tensor, "n k"], label: Tensor | None = None) -> Tensor:
        y = self.rows.new_zeros(len(z), self.rows.shape[1])
        before = [label.to(y)] if self.classes and label is not None else []
        for j, u in enumerate(z.T[len(before) :]):
            seen = torch.stack(before, 1) if before else y[:, :0]
            first, end = self.spans[self.leaves(j, seen)].T
            row = self.sorted[j][first + (u * (end - first)).long()]
            y[:, self.places[j]] = self.cells(j, row)
            before.append(self.number(y, j))
        return y

    def leaves(self, j: int, seen: Float[Tensor, "n k"]) -> Int64[Tensor, " n"]:
        """Return the leaf of the j-th tree that rows fall into, of which the columns before are known."""
        node = self.roots[j].expand(len(seen))
        while bool((inner := self.feature[node] >= 0).any()):
            at = seen.gather(1, self.feature[node].clamp(min=0)[:, None])[:, 0]
            right = (at.double() > self.threshold[node]).long()
            node = torch.where(inner, self.branches[node].gather(1, right[:, None])[:, 0], node)
        return node

    def _grown(
        self, seen: Float[Tensor, "n k"], target: Float[Tensor, " n"], j: int
    ) -> tuple[tuple[Tensor, Tensor, Tensor, Tensor], Tensor]:
        """Return a tree as feature, threshold, branches and span of each node, and the rows sorted by leaf."""
        n = len(target)
        if self.leaf is None or not seen.shape[1] or n < 2 * self.leaf:
            root = (torch.tensor([-1]), torch.zeros(1, dtype=torch.float64), torch.tensor([[-1, -1]]))
            return (*root, torch.tensor([[0, n]])), torch.arange(n)
        from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

        levels = isinstance(self.blocks[self.order[j][0]], OneOf) and len(self.order[j]) == 1
        kind = DecisionTreeClassifier if levels else DecisionTreeRegressor
        y = target.double().masked_fill(target < torch.finfo(torch.float32).min / 2, float(_below(target)))
        tree = kind(min_samples_leaf=self.leaf, random_state=0).fit(seen.numpy(), y.numpy()).tree_
        inner = torch.from_numpy(tree.children_left.copy()) >= 0
        branches = torch.stack(
            [torch.from_numpy(c.astype("int64")) for c in (tree.children_left, tree.children_right)], 1
        )
        feature = torch.where(inner, torch.from_numpy(tree.feature.astype("int64")), -1)
        leaf = torch.from_numpy(tree.apply(seen.numpy()).astype("int64"))
        order = leaf.argsort(stable=True)
        ends = torch.bincount(leaf, minlength=len(inner)).cumsum(0)
        spans = torch.stack([torch.cat([ends.new_zeros(1), ends[:-1]]), ends], 1)
        return (feature, torch.from_numpy(tree.threshold.copy()), branches, spans), order


def _below(target: Float[Tensor, " n"]) -> Tensor:
    """Return a number a little below all that are there, to stand for missing ones."""
    there = target[target > torch.finfo(torch.float32).min / 2]
    return there.min() - there.std().nan_to_num(1.0) if len(there) > 1 else target.new_zeros(())
