"""The leaves of trees on coded columns, as products of sets of codes, and their masses under product laws."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Bool, Float
from torch import Tensor


def boxes_of(tree: Any, orders: Sequence[np.ndarray]) -> np.ndarray:
    """Return the leaves of a tree, by number of node: of each the codes that it holds, all columns beside one another.

    Args:
        tree: scikit-learn's arrays of a fitted tree, which saw the place of each code in an order.
        orders: of each column, the place of each code.
    Returns:
        (leaves, Σ codes) of truths.
    """
    todo, found = [(0, [np.ones(len(order), dtype=bool) for order in orders])], list[tuple[int, np.ndarray]]()
    while todo:
        node, held = todo.pop()
        if tree.children_left[node] < 0:
            found.append((node, np.concatenate(held)))
            continue
        j = tree.feature[node]
        below = orders[j] <= tree.threshold[node]
        for child, side in ((tree.children_left[node], below), (tree.children_right[node], ~below)):
            todo.append((child, [h & side if i == j else h for i, h in enumerate(held)]))
    return np.stack([box for _, box in sorted(found, key=lambda leaf: leaf[0])])


def masses(p: Float[Tensor, "n c"], boxes: Bool[Tensor, "l c"], sizes: Sequence[int]) -> Float[Tensor, "n l"]:
    """Π_i Σ_{a∈A_i} p_i(a), the mass of every box A under every product of laws p.

    Args:
        p: the laws of all columns beside one another, one product a row.
        boxes: one a row.
        sizes: codes of each column.
    Example:
        >>> import torch
        >>> p, box = torch.tensor([[0.25, 0.75, 0.5, 0.5]]), torch.tensor([[True, False, True, True]])
        >>> masses(p, box, [2, 2])
        tensor([[0.2500]])
    """
    total = p.new_ones(len(p), len(boxes))
    for laws, sets in zip(p.split(list(sizes), 1), boxes.split(list(sizes), 1), strict=True):
        if not bool(sets.all()):
            total = total * (laws @ sets.T.to(p))
    return total
