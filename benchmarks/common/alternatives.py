"""Laws of data and of samples that a two-sample test should tell apart; shared by the power of ours and of others."""

from collections.abc import Callable, Iterator
from math import pi
from zlib import crc32

import torch
from torch import Generator, Tensor

SIZES, DIMENSIONS, SIMULATIONS = (100, 200), (2, 20), 200

MODES = 8
"""On a ring of radius 2 in the first two coordinates."""

Draw = Callable[[Generator, int, int], Tensor]
"""n rows of d coordinates."""


def normal(g: Generator, n: int, d: int) -> Tensor:
    """N(0, 1)."""
    return torch.randn(n, d, generator=g, dtype=torch.float64)


def shifted(g: Generator, n: int, d: int) -> Tensor:
    """Mean 0.4 in the first coordinate."""
    x = normal(g, n, d)
    x[:, 0] += 0.4
    return x


def wider(g: Generator, n: int, d: int) -> Tensor:
    """Standard deviation 1.5 in the first coordinate."""
    x = normal(g, n, d)
    x[:, 0] *= 1.5
    return x


def correlated(g: Generator, n: int, d: int) -> Tensor:
    """Correlation 0.5 of the first two coordinates."""
    x = normal(g, n, d)
    x[:, 1] = 0.5 * x[:, 0] + 0.75**0.5 * x[:, 1]
    return x


def heavy(g: Generator, n: int, d: int) -> Tensor:
    """Student's t with 3 degrees of freedom in every coordinate, over √3: variance 1."""
    squares = torch.randn(3, n, d, generator=g, dtype=torch.float64).square().sum(0)
    return normal(g, n, d) / squares.sqrt()


def ring(g: Generator, n: int, d: int, modes: int = MODES) -> Tensor:
    """The first so many of MODES equally frequent modes, of deviation 0.3 in every coordinate."""
    angle = 2 * pi / MODES * torch.randint(modes, (n,), generator=g)
    x = 0.3 * normal(g, n, d)
    x[:, 0] += 2 * angle.cos()
    x[:, 1] += 2 * angle.sin()
    return x


def missing(g: Generator, n: int, d: int) -> Tensor:
    """The ring without one of its modes."""
    return ring(g, n, d, MODES - 1)


ALTERNATIVES: dict[str, tuple[Draw, Draw]] = {
    "the same law": (normal, normal),
    "mean shifted by 0.4 in one coordinate": (normal, shifted),
    "deviation 1.5 in one coordinate": (normal, wider),
    "correlation 0.5 of two coordinates": (normal, correlated),
    "one mode of 8 missing": (ring, missing),
    "heavy tails, the same variance": (normal, heavy),
}


def cells() -> list[tuple[str, int, int]]:
    """Every alternative with every n and d."""
    return [(name, n, d) for n in SIZES for d in DIMENSIONS for name in ALTERNATIVES]


def draws(name: str, n: int, d: int, simulations: int = SIMULATIONS) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    """Data, samples of the data's law and samples of the other; the same whoever asks."""
    g = torch.Generator().manual_seed(crc32(f"{name}, {n}, {d}".encode()))
    of_data, of_samples = ALTERNATIVES[name]
    for _ in range(simulations):
        yield of_data(g, n, d), of_data(g, n, d), of_samples(g, n, d)
