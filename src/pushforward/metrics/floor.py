"""What the data score against themselves: the value that a perfect sampler would get."""

from collections.abc import Iterator

import torch
from torch import Tensor

from pushforward.metrics.rows import Array, generator, rows
from pushforward.metrics.score import Floor, Metric, Score
from pushforward.metrics.stream import Marked, Stream


def floor(metric: Metric, x: Array, *, repeats: int = 5, seed: int = 0) -> dict[str, Floor]:
    """Mean and spread, over random halvings of the data, of each score of one half against the other.

    Scores that are biased at any n are larger at n/2 than at n, so a perfect sampler of n rows may come out below.

    Args:
        metric: what is measured.
        x: data, one row a point.
        repeats: number of halvings, at least 1.
        seed: of the halvings.

    Raises:
        Refused: if a half has fewer rows than the metric needs.
    """
    x, draw = rows(x, whose=f"the floor of {metric.name}"), generator(seed)
    found = [metric(x[i], x[j]) for i, j in _halves(len(x), repeats, draw)]
    return _summed_up(found, len(x) // 2)


def floor_of_stream(metric: Metric, x: Stream, *, repeats: int = 5, seed: int = 0) -> dict[str, Floor]:
    """The same for a metric that reads its rows in blocks, however many there are.

    Args:
        metric: that `streams`.
        x: data.
        repeats: number of halvings, at least 1.
        seed: of the halvings.
    """
    found = []
    for i, j in _halves(len(x), repeats, generator(seed)):
        first, second = (Marked(x, torch.zeros(len(x), dtype=torch.bool).index_fill_(0, k, True)) for k in (i, j))
        found.append(metric.of_streams(first, second))
    return _summed_up(found, len(x) // 2)


def _halves(n: int, repeats: int, draw: torch.Generator) -> Iterator[tuple[Tensor, Tensor]]:
    """Rows of two random halves, time after time."""
    for _ in range(repeats):
        order = torch.randperm(n, generator=draw)
        yield order[: n // 2], order[n // 2 : 2 * (n // 2)]


def _summed_up(found: list[tuple[Score, ...]], half: int) -> dict[str, Floor]:
    """Mean and spread of each score over the halvings."""
    values = {s.name: torch.tensor([], dtype=torch.float64) for s in found[0]}
    for score in (s for scores in found for s in scores):
        values[score.name] = torch.cat([values[score.name], torch.tensor([score.value], dtype=torch.float64)])
    return {
        name: Floor(float(v.mean()), float(v.std()) if len(found) > 1 else 0.0, half, len(found))
        for name, v in values.items()
    }
