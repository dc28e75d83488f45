"""The floor of a score: what the data score against themselves, as a perfect sampler would."""

from collections.abc import Iterator

import torch
from jaxtyping import Int
from torch import Tensor

from pushforward.metrics.base import Floor, Metric, Score
from pushforward.metrics.numerics.checked_arrays import Array, generator, rows
from pushforward.rows import Marked, Rows


def floor(
    metric: Metric, x: Array, *, sizes: tuple[int, int] | None = None, repeats: int = 5, seed: int = 0
) -> dict[str, Floor]:
    """Compute mean and spread, over random splits of the data in two, of each score of one part against the other.

    The parts have the sizes of the score where there are so many rows, else their ratio: coverage depends on it. Scores
    that are biased at any n are larger for fewer rows, so a perfect sampler may come out below; those that shrink as
    the root of the rows (`Metric.rooted`) are carried over to the sizes of the score.

    Args:
        metric: what is measured.
        x: data, one row a point.
        sizes: rows of data and samples that the score was measured on; equal for None.
        repeats: number of splits, at least 1.
        seed: of the splits.

    Raises:
        Refused: if a part has fewer rows than the metric needs.
    """
    x, draw = rows(x, whose=f"the floor of {metric.name}"), generator(seed)
    parts = part_sizes(len(x), sizes, metric.least_samples)
    scores = [metric(x[i], x[j]) for i, j in splits(len(x), parts, repeats, draw)]
    return _floors(scores, parts, root_law(parts, sizes) if metric.rooted and sizes else 1.0)


def root_law(parts: tuple[int, int], sizes: tuple[int, int]) -> float:
    """Return √(1/n + 1/m) of the sizes of a score over that of the parts.

    Example:
        >>> root_law((100, 100), (400, 400))
        0.5
    """
    (a, b), (n, m) = parts, sizes
    return float(((1 / n + 1 / m) / (1 / a + 1 / b)) ** 0.5)


def floor_of_stream(
    metric: Metric, x: Rows, *, sizes: tuple[int, int] | None = None, repeats: int = 5, seed: int = 0
) -> dict[str, Floor]:
    """Compute the floor of a metric that reads its rows in blocks, however many there are.

    Args:
        metric: that `streams`.
        x: data.
        sizes: rows of data and samples that the score was measured on; equal for None.
        repeats: number of splits, at least 1.
        seed: of the splits.
    """
    scores, parts = [], part_sizes(len(x), sizes, metric.least_samples)
    for i, j in splits(len(x), parts, repeats, generator(seed)):
        first, second = (Marked(x, torch.zeros(len(x), dtype=torch.bool).index_fill_(0, k, True)) for k in (i, j))
        scores.append(metric.of_streams(first, second))
    return _floors(scores, parts)


def part_sizes(n: int, sizes: tuple[int, int] | None, least: int) -> tuple[int, int]:
    """Return the sizes of two disjoint parts of n rows: those given, else as much as there is of their ratio.

    Neither is below `least` while the other has rows to spare.

    Example:
        >>> part_sizes(898, (898, 270), 6), part_sizes(898, None, 6), part_sizes(2000, (100, 50), 6)
        ((690, 207), (449, 449), (100, 50))
    """
    a, b = sizes or (n, n)
    if a + b > n:
        share = n / (a + b)
        a, b = int(a * share), int(b * share)
    short = min(max(least - min(a, b), 0), max(max(a, b) - least, 0))
    return (a + short, b - short) if a < b else (a - short, b + short)


def splits(
    n: int, parts: tuple[int, int], repeats: int, draw: torch.Generator
) -> Iterator[tuple[Int[Tensor, " a"], Int[Tensor, " b"]]]:
    """Yield the rows of two random disjoint parts of these sizes, time after time."""
    for _ in range(repeats):
        order = torch.randperm(n, generator=draw)
        yield order[: parts[0]], order[parts[0] : sum(parts)]


def _floors(scores: list[tuple[Score, ...]], parts: tuple[int, int], factor: float = 1.0) -> dict[str, Floor]:
    """Return mean and spread of each score over the splits, times a factor."""
    values = {s.name: torch.tensor([], dtype=torch.float64) for s in scores[0]}
    for score in (s for split in scores for s in split):
        values[score.name] = torch.cat([values[score.name], torch.tensor([factor * score.value], dtype=torch.float64)])
    return {
        name: Floor(float(v.mean()), float(v.std()) if len(scores) > 1 else 0.0, *parts, len(scores))
        for name, v in values.items()
    }
