"""The laws of increasing maps of the real line, which every one of them obeys."""

import torch
from torch import Tensor
from torch.testing import assert_close

from pushforward.monotone import Monotone
from pushforward.testing.rule import holds, is_a_value, laws_of

ROUNDING = 1e-9
"""Of sums of dozens of float64 terms of order one."""


def numbers(T: Monotone, n: int = 200, spread: float = 3.0) -> tuple[Tensor, Tensor]:
    """Draw numbers and parameters of each, in float64."""
    return spread * torch.randn(n, dtype=torch.float64), torch.randn(n, T.size, dtype=torch.float64)


def its_inverse_inverts(T: Monotone) -> None:
    """T⁻¹(T(x)) = x and T(T⁻¹(y)) = y in float64, between and far outside of the data."""
    for spread in (1.0, 3.0, 100.0):
        x, p = numbers(T, spread=spread)
        y, log_slope = T(x, p)
        holds(bool(y.isfinite().all() and log_slope.isfinite().all()), "it gave a number that is not finite")
        error = (T.inverse(y, p) - x).abs() * log_slope.exp().clamp(max=1.0)
        holds(bool((error <= 1e-8 * (1 + x.abs())).all()), f"T⁻¹(T(x)) is {error.max():.2g} from x")
        assert_close(T(T.inverse(x, p), p)[0], x, rtol=1e-7, atol=1e-7)


def the_slope_is_its_derivative(T: Monotone) -> None:
    """The second result is the logarithm of dy/dx, by automatic differentiation of the first."""
    x, p = numbers(T)
    x.requires_grad_()
    y, log_slope = T(x, p)
    (slope,) = torch.autograd.grad(y.sum(), x)
    assert_close(log_slope.detach(), slope.log(), rtol=1e-7, atol=1e-7)


def it_increases(T: Monotone) -> None:
    """A larger x has a larger y, and y goes to ±∞ with x."""
    x = torch.linspace(-60, 60, 2001, dtype=torch.float64)
    for p in torch.randn(10, T.size, dtype=torch.float64):
        y, _ = T(x, p.expand(len(x), -1))
        holds(bool((y.diff() > 0).all()), "it decreases somewhere")
        far, _ = T(torch.tensor([-1e4, 1e4], dtype=torch.float64), p.expand(2, -1))
        holds(bool(far[0] < -100 and far[1] > 100), f"it stays within {far.tolist()}")


def gradients_of_the_inverse_are_right(T: Monotone) -> None:
    """The derivatives of T⁻¹ in y and in p are those of finite differences."""
    y, p = numbers(T, n=4)
    x = T.inverse(y, p)
    near_a_knot = 1e-3  # of a spline, where second derivatives jump and differences cross
    for step in (-near_a_knot, near_a_knot):
        holds(bool(T.inverse(y + step, p).isfinite().all()), "its inverse is not finite nearby")
    torch.autograd.gradcheck(T.inverse, (y.requires_grad_(), p.requires_grad_()), eps=1e-6, atol=1e-4, rtol=1e-3)
    holds(bool(x.isfinite().all()), "its inverse is not finite")


def no_parameters_no_harm(T: Monotone) -> None:
    """The map is tame at p = 0 in float32: slopes between 1/20 and 20 within three deviations, and finite far out."""
    x = torch.linspace(-3, 3, 101)
    _, log_slope = T(x, torch.zeros(101, T.size))
    holds(bool((log_slope.abs() < 3).all()), f"its slope reaches e^{log_slope.abs().max():.2f}")
    y, log_slope = T(torch.tensor([-1e6, 1e6]), torch.zeros(2, T.size))
    holds(bool(y.isfinite().all() and log_slope.isfinite().all()), "it is not finite at a million")


LAWS = laws_of(
    "monotone",
    is_a_value,
    its_inverse_inverts,
    the_slope_is_its_derivative,
    it_increases,
    gradients_of_the_inverse_are_right,
    no_parameters_no_harm,
)
