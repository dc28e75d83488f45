"""The laws of kernels, which every one of them obeys."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch.autograd import grad, gradcheck, gradgradcheck
from torch.testing import assert_close

from pushforward.kernels import Kernel, On, pairwise
from pushforward.testing.rule import SUM, holds, is_a_value, laws_of, points

PATHS = (2**40, 0)  # small problems take differences, large ones a matrix product: both, whatever the size


@contextmanager
def path(direct: int) -> Iterator[None]:
    """Let pairwise distances take differences up to so many numbers, and products beyond."""
    before, pairwise.DIRECT = pairwise.DIRECT, direct
    try:
        yield
    finally:
        pairwise.DIRECT = before


def symmetric(k: Kernel) -> None:
    """k(x, y) = k(y, x)ᵀ."""
    x, y = points(9), points(7)
    for direct in PATHS:
        with path(direct):
            assert_close(k(x, y), k(y, x).T, rtol=0, atol=SUM)


def positive_semidefinite(k: Kernel) -> None:
    """The eigenvalues of k(x, x) are not negative, but for rounding."""
    x = points(40)
    values = torch.linalg.eigvalsh(k(x, x))
    holds(values.min() >= -1e-12 * values.max(), f"eigenvalues from {values.min():.3g} to {values.max():.3g}")


def diagonals(k: Kernel) -> None:
    """The diagonals of k(x, x) and k(x, y) are diag(x) and paired(x, y)."""
    x, y = points(70), points(70)
    for direct in PATHS:
        with path(direct):
            assert_close(k.diag(x), k(x, x).diagonal(), rtol=1e-12, atol=SUM)
            assert_close(k.paired(x, y), k(x, y).diagonal(), rtol=1e-11, atol=SUM)


def components_add_up(k: Kernel) -> None:
    """The sum of components(x, y) is k(x, y)."""
    x, y = points(9), points(7)
    assert_close(k.components(x, y).sum(0), k(x, y))


def differentiable_twice(k: Kernel) -> None:
    """The first and second derivatives are those that differences give, for few points and many."""
    for n in (5, 30):
        x, y = points(n).requires_grad_(), points(n, mean=0.5).requires_grad_()
        for direct in PATHS:
            with path(direct):
                gradcheck(k, (x, y), fast_mode=True)
                gradgradcheck(k, (x, y), fast_mode=True)


def finite_derivatives_at_coincident_points(k: Kernel) -> None:
    """The first and second derivatives are finite where two points are one, and at the origin."""
    for dtype in (torch.float32, torch.float64):
        for direct in PATHS:
            x = points(6).to(dtype)
            x[0], x[1] = 0.0, x[2]
            x.requires_grad_()
            with path(direct):
                (first,) = grad(k(x, x).square().sum() + k(x, x.clone()).sum(), x, create_graph=True)
                (second,) = grad(first.square().sum(), x)
            holds(first.isfinite().all(), f"first derivatives in {dtype} are not")
            holds(second.isfinite().all(), f"second derivatives in {dtype} are not")


def keeps_the_type(k: Kernel) -> None:
    """The values at float32 points are float32, and those at float64 points are float64."""
    for dtype in (torch.float32, torch.float64):
        x, y = points(5).to(dtype), points(4).to(dtype)
        types = {v.dtype for v in (k(x, y), k.diag(x), k.paired(x[:4], y), k.components(x, y))}
        holds(types == {dtype}, f"{dtype} became {types}")


def float32_at_least(k: Kernel) -> None:
    """The values at bfloat16 points are float32, the same as those at their float32 copies."""
    x, y = points(5).bfloat16(), points(4).bfloat16()
    types = {v.dtype for v in (k(x, y), k.diag(x), k.paired(x[:4], y))}
    holds(types == {torch.float32}, f"bfloat16 became {types}")
    if not _maps(k):  # a frozen map computes as narrow as it is asked to
        holds(torch.equal(k(x, y), k(x.float(), y.float())), "they are not the same")


def autocast_changes_nothing(k: Kernel) -> None:
    """The values are the same inside autocast and outside."""
    x, y = points(9).float(), points(7).float()
    for direct in PATHS:
        with path(direct):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                inside = k(x, y), k.components(x, y), k.diag(x), k.paired(x[:7], y)
            outside = k(x, y), k.components(x, y), k.diag(x), k.paired(x[:7], y)
        same = [torch.equal(a, b) for a, b in zip(inside, outside, strict=True)]
        holds(all(same), "compute within pairwise.full_precision")


def fitted_is_settled(k: Kernel) -> None:
    """A kernel that was fitted to data has nothing left to choose."""
    x = points(5)
    holds(k.fitted(x).fitted(2 * x) == k.fitted(x), "a second fit changes it")


def _maps(k: Kernel) -> bool:
    """Tell whether a frozen map stands in front of the kernel, or of a part."""
    return isinstance(k, On) or any(_maps(part) for part in vars(k).values() if isinstance(part, Kernel))


LAWS = laws_of(
    "kernels",
    is_a_value,
    symmetric,
    positive_semidefinite,
    diagonals,
    components_add_up,
    differentiable_twice,
    finite_derivatives_at_coincident_points,
    keeps_the_type,
    float32_at_least,
    autocast_changes_nothing,
    fitted_is_settled,
)
