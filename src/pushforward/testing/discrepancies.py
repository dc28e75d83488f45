"""The laws of discrepancies, which every one of them obeys."""

import torch
from torch import Tensor
from torch.autograd import gradcheck
from torch.testing import assert_close

from pushforward.discrepancies import Discrepancy
from pushforward.testing.rule import holds, is_a_value, laws_of, points


def pair() -> tuple[Tensor, Tensor]:
    """Draw data and samples, or a critic's outputs on both: twelve numbers each, half a deviation apart."""
    return points(12, 1), points(12, 1, 0.5)


def a_scalar_with_a_gradient(D: Discrepancy) -> None:
    """The value and the surrogate are scalars, and their derivatives those that differences give."""
    x, y = (v.requires_grad_() for v in pair())
    holds(D(x, y).shape == D.surrogate(x, y).shape == (), "they are no scalars")
    gradcheck(D, (x, y), fast_mode=True)
    gradcheck(D.surrogate, (x, y), fast_mode=True)


def the_order_of_rows_does_not_matter(D: Discrepancy) -> None:
    """The value is the same for rows in another order, unless the discrepancy says that it is `paired`."""
    if D.paired:
        return
    x, y = pair()
    assert_close(D(x[torch.randperm(12)], y[torch.randperm(12)]), D(x, y))


def float32_at_least(D: Discrepancy) -> None:
    """The value is the same under autocast, and bfloat16 points give the float32 value of their copies."""
    x, y = (v.float() for v in pair())
    with torch.autocast("cpu", dtype=torch.bfloat16):
        inside = D(x, y), D.surrogate(x, y)
    holds(inside == (D(x, y), D.surrogate(x, y)), "autocast changes it")
    narrow = D(x.bfloat16(), y.bfloat16())
    holds(narrow.dtype == torch.float32, f"bfloat16 became {narrow.dtype}")
    assert_close(narrow, D(x.bfloat16().float(), y.bfloat16().float()))


def degree_is_one_or_two(D: Discrepancy) -> None:
    """The degree in the witness is 1 or 2, and nothing is learnt."""
    holds(D.degree in (1, 2), f"it is {D.degree}")
    holds(D.critic_steps == 0, f"critic_steps is {D.critic_steps}")


def one_sided_reads_samples_alone(D: Discrepancy) -> None:
    """A surrogate that is called one-sided is the same without data."""
    x, y = pair()
    if D.one_sided:
        assert_close(D.surrogate(y[:0], y), D.surrogate(x, y))


def the_witness_is_a_function_of_points(D: Discrepancy) -> None:
    """The witness is one finite number a point, whatever the other points are, unless rows are paired."""
    (x, y), h = pair(), points(5, 1)
    values = D.witness(h, x, y)
    holds(values.shape == (5,), f"five points gave {tuple(values.shape)}")
    holds(values.isfinite().all(), "it is not finite")
    if not D.paired:
        assert_close(D.witness(h[1:3], x, y), values[1:3])


def fitted_is_settled(D: Discrepancy) -> None:
    """A discrepancy that was fitted to data has nothing left to choose."""
    x, _ = pair()
    holds(D.fitted(x).fitted(2 * x) == D.fitted(x), "a second fit changes it")


LAWS = laws_of(
    "discrepancies",
    is_a_value,
    a_scalar_with_a_gradient,
    the_order_of_rows_does_not_matter,
    float32_at_least,
    degree_is_one_or_two,
    one_sided_reads_samples_alone,
    the_witness_is_a_function_of_points,
    fitted_is_settled,
)
