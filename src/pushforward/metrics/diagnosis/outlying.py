"""The rows so far from the others of their side that they decide its means, covariances and distances."""

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.kernels.far import distances_to, middle

BEYOND = 10.0
"""Spreads from the middle from which on a row may be called far."""


def outlying(x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> list[str]:
    """Return a sentence for each side of which a few rows outweigh all others together.

    A side's spread is the median distance of its rows from its middle, the median of every column. Rows beyond BEYOND
    spreads are said where they make up more than half of the sum of squared distances: that sum is what a covariance
    adds up, and with it a Fréchet distance; distances of all pairs follow.

    Args:
        x: data.
        y: samples.

    Example:
        >>> x = torch.linspace(-1, 1, 100)[:, None]
        >>> outlying(x, torch.cat([x, x[:1] * 1e9]))[0][:50]
        '1 of the 101 samples lies 2e+09 spreads from their'
    """
    sides = {"rows of data": x.double(), "samples": y.double()}
    distances = {name: distances_to(z, middle(z)) for name, z in sides.items()}
    spreads = [float(r.median()) for r in distances.values()]
    sentences = [
        _sentence(name, r, own or other)
        for (name, r), own, other in zip(distances.items(), spreads, reversed(spreads), strict=True)
    ]
    return [sentence for sentence in sentences if sentence]


def _sentence(name: str, distances: Float[Tensor, " n"], spread: float) -> str:
    """Return the sentence on the rows of a side that decide, or nothing if none do."""
    far = distances > BEYOND * spread
    shares = (distances / distances.max().clamp_min(torch.finfo(distances.dtype).tiny)).square()
    if not spread or not bool(far.any()) or float(shares[far].sum()) <= float(shares[~far].sum()):
        return ""
    count, (least, most) = int(far.sum()), (float(end) / spread for end in distances[far].aminmax())
    reach = f"{most:.2g}" if f"{least:.2g}" == f"{most:.2g}" else f"{least:.2g} to {most:.2g}"
    lie, outweigh, them = ("lies", "outweighs", "it") if count == 1 else ("lie", "outweigh", "them")
    return (
        f"{count:,} of the {len(distances):,} {name} {lie} {reach} spreads from their middle (a spread: the median "
        f"distance from it) and {outweigh} all others together: means, covariances and distances follow {them}."
    )
