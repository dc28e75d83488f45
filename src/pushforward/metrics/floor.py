"""What the data score against themselves: the value that a perfect sampler would get."""

import torch

from pushforward.metrics.rows import Array, generator, rows
from pushforward.metrics.score import Floor, Metric


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
    found: dict[str, list[float]] = {}
    for _ in range(repeats):
        order, half = torch.randperm(len(x), generator=draw), len(x) // 2
        for score in metric(x[order[:half]], x[order[half : 2 * half]]):
            found.setdefault(score.name, []).append(score.value)
    values = {name: torch.tensor(v, dtype=torch.float64) for name, v in found.items()}
    return {
        name: Floor(float(v.mean()), float(v.std()) if repeats > 1 else 0.0, len(x) // 2, repeats)
        for name, v in values.items()
    }
