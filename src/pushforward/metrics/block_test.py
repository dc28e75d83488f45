"""Two-sample test of many rows: relabellings within blocks, of which all rows are used and no large matrix is made."""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from pushforward.errors import Refused
from pushforward.kernels import Kernel
from pushforward.metrics.aggregated import Aggregated, assembled, tried
from pushforward.metrics.permutation import Relabelling
from pushforward.metrics.rows import Array, generator, pair
from pushforward.metrics.two_sample import TwoSample, outcome


def block_test(
    x: Array,
    y: Array,
    *,
    size: int = 500,
    kernels: Sequence[Kernel] | None = None,
    permutations: int = 499,
    level: float = 0.05,
    seed: int = 0,
) -> TwoSample:
    """The two-sample test with mean MMD² over disjoint blocks, relabelled within each: exact at every size.

    Its cost, (n + m)·size·permutations products a kernel, grows with n and not with n²; it sees less than the test over
    all pairs would, and more than that test on a subsample of `size` rows.

    Args:
        x: data, one row a point.
        y: samples, one row a point.
        size: rows of the smaller side in a block, at least 2; the last block takes what is left.
        kernels: tried together; by default Gaussians from the scale within clusters to that of the whole.
        permutations: B, the number of relabellings.
        level: of the test, between 0 and 1.
        seed: of the relabellings and of the blocks.

    Raises:
        Refused: if a side has fewer than 2 rows, the widths differ, a value is not finite, or an option is out of
            range.
    Source: Zaremba, Gretton, Blaschko (2013), arXiv 1307.1954, for the statistic.
    Differs: its law under equality comes from relabelling within blocks, not from the normal limit.
    Example:
        >>> x = torch.arange(1000.0)[:, None]
        >>> block_test(x, x + 500, size=50, permutations=99).p_value
        0.01
    """
    if size < 2 or permutations < 1 or not 0 < level < 1:
        raise Refused(
            f"block_test needs size ≥ 2, permutations ≥ 1 and a level between 0 and 1, got {size}, {permutations} and "
            f"{level}."
        )
    (x, y), draw = pair(x, y, least=2, whose="block_test"), generator(seed)
    x, y = (z[torch.randperm(len(z), generator=draw)] for z in (x, y))
    return outcome(_aggregated(x, y, size, kernels, permutations, level, draw), (x, y), (x, y), level, draw)


def _aggregated(
    x: Tensor,
    y: Tensor,
    size: int,
    kernels: Sequence[Kernel] | None,
    permutations: int,
    level: float,
    draw: torch.Generator,
) -> Aggregated:
    """MMD² of every kernel and relabelling, averaged over the blocks; the witnesses of all rows, data first."""
    chosen = tried(torch.cat([x, y]), kernels, draw)
    total = torch.zeros(len(chosen), permutations + 1, dtype=torch.float64)
    at_x, at_y = [], []
    for a, b in _blocks(x, y, size):
        labels, pooled = Relabelling.drawn(len(a), len(b), permutations, draw), torch.cat([a, b])
        values, witnesses = labels.mmd(chosen, pooled)
        total += values * (len(a) + len(b)) / (len(x) + len(y))
        at_x.append(witnesses[:, : len(a)])
        at_y.append(witnesses[:, len(a) :])
    return assembled(chosen, total, torch.cat([*at_x, *at_y], 1), level)


def _blocks(x: Tensor, y: Tensor, size: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Corresponding parts of both, of nearly equal sizes."""
    count = max(1, min(len(x), len(y)) // size)
    yield from zip(x.tensor_split(count), y.tensor_split(count), strict=True)
