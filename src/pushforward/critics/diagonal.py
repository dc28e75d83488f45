"""The values and derivatives on its diagonal that constraints ask of the kernel behind a critic."""

from collections.abc import Iterator

import torch

from pushforward.discrepancies import MMD, Discrepancy, MeanDifference, RepulsiveMMD, Root, Scaled
from pushforward.errors import Refused
from pushforward.kernels import Kernel, Laplacian, Linear, Radial
from pushforward.kernels.base import Scaled as Multiple
from pushforward.kernels.base import Sum


def kernel(D: Discrepancy, owner: str) -> Kernel:
    """Return the kernel whose unit ball D's witness is taken from, the linear one for a difference of means.

    Raises:
        Refused: if D has no kernel.
    """
    if isinstance(D, MMD | RepulsiveMMD):
        return D.kernel
    if isinstance(D, Root | Scaled):
        return kernel(D.discrepancy, owner)
    if isinstance(D, MeanDifference):
        return Linear()
    raise Refused(f"{owner} needs the kernel of its discrepancy, an MMD or MeanDifference, got {D}.")


def terms(k: Kernel, owner: str) -> Iterator[tuple[float, Radial | Linear]]:
    """Yield a kernel's summands as multiples of radial and linear kernels.

    Raises:
        Refused: if it is no such sum, or has no derivatives on its diagonal.
    """
    if isinstance(k, Sum):
        yield from terms(k.left, owner)
        yield from terms(k.right, owner)
    elif isinstance(k, Multiple):
        yield from ((k.multiple * c, part) for c, part in terms(k.kernel, owner))
    elif isinstance(k, Linear) or (isinstance(k, Radial) and not isinstance(k, Laplacian)):
        yield 1.0, k
    else:
        raise Refused(f"{owner} needs a kernel that is smooth on its diagonal: radial, Linear or a sum, got {k}.")


def diagonal(k: Kernel, owner: str) -> tuple[float, float, float]:
    """(c, a, b) with k(t, t) = c + a·‖t‖² and ∂_i ∂_j′ k(t, t) = b·δ_ij."""
    c = a = b = 0.0
    for multiple, part in terms(k, owner):
        if isinstance(part, Linear):
            a, b = a + multiple, b + multiple
        else:
            zero = torch.zeros((), dtype=torch.float64)
            c, b = c + multiple * part.kappa(zero).item(), b - 2 * multiple * part.dkappa(zero).item()
    return c, a, b
