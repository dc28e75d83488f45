"""The laws of fields, which every one of them obeys."""

import torch
from torch import Tensor
from torch.testing import assert_close

from pushforward.fields import Field
from pushforward.testing.rule import holds, is_a_value, laws_of, points

ROUNDING = 1e-9
"""Of sums of some dozens of float64 numbers of order one, with weights that are exponentials of hundreds at most."""


def equal(value: Tensor, expected: Tensor) -> None:
    """Refuse values that differ by more than rounding."""
    assert_close(value, expected, rtol=ROUNDING, atol=ROUNDING)


def clouds() -> tuple[Tensor, Tensor, Tensor]:
    """Draw nine samples, twelve data and ten other samples, half a deviation apart."""
    return points(9, mean=0.5), points(12), points(10, mean=0.5)


def one_direction_a_sample(V: Field) -> None:
    """The field is finite and of the samples' shape, without a graph, of one sample and of one datum too."""
    y, x, other = clouds()
    V = V.fitted(x)
    for m, n, l in ((9, 12, 10), (9, 1, 1), (1, 12, 10), (1, 1, 1)):
        for repelling in (None, other[:l]):
            v = V(y[:m].requires_grad_(), x[:n], repelling)
            holds(v.shape == (m, 3), f"{m} samples in three dimensions gave {tuple(v.shape)}")
            holds(v.isfinite().all(), f"{m} samples and {n} data gave a number that is not finite")
            holds(not v.requires_grad, "it has a graph")


def components_add_up(V: Field) -> None:
    """The sum of the components is the field."""
    y, x, other = clouds()
    V = V.fitted(x)
    equal(V.components(y, x).sum(0), V(y, x))
    equal(V.components(y, x, other).sum(0), V(y, x, other))


def swapping_data_and_samples_turns_it_round(V: Field) -> None:
    """V(y; x, y′) = −V(y; y′, x), so that it vanishes where data and samples are the same rows."""
    y, x, other = clouds()
    V = V.fitted(x)
    equal(V(y, x, other), -V(y, other, x))
    equal(V(y, x, x), torch.zeros_like(y))


def the_order_of_rows_does_not_matter(V: Field) -> None:
    """The field at a sample stays the same when data and samples come in another order."""
    y, x, other = clouds()
    V, i = V.fitted(x), torch.randperm(9)
    equal(V(y[i], x.flip(0)), V(y, x)[i])
    equal(V(y[i], x.flip(0), other.flip(0)), V(y, x, other)[i])


def it_points_to_the_data(V: Field) -> None:
    """The mean of the field over samples beside the data leads towards them."""
    y, x, _ = clouds()
    V, y = V.fitted(x), y + torch.tensor([1.5, 0.0, 0.0], dtype=y.dtype)
    ahead = V(y, x).mean(0) @ (x.mean(0) - y.mean(0))
    holds(ahead > 0, f"along the difference of the means it is {ahead:.3g}")


def float32_at_least(V: Field) -> None:
    """The field is the same under autocast, and that of bfloat16 points the float32 field of their copies."""
    y, x, other = (cloud.float() for cloud in clouds())
    V = V.fitted(x)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        inside = V(y, x), V(y, x, other)
    holds(torch.equal(inside[0], V(y, x)) and torch.equal(inside[1], V(y, x, other)), "autocast changes it")
    narrow = V(y.bfloat16(), x.bfloat16())
    holds(narrow.dtype == torch.float32, f"bfloat16 became {narrow.dtype}")
    assert_close(narrow, V(y.bfloat16().float(), x.bfloat16().float()))


def fitted_is_settled(V: Field) -> None:
    """A field that was fitted to data has nothing left to choose."""
    _, x, _ = clouds()
    holds(V.fitted(x).fitted(2 * x) == V.fitted(x), "a second fit changes it")


LAWS = laws_of(
    "fields",
    is_a_value,
    one_direction_a_sample,
    components_add_up,
    swapping_data_and_samples_turns_it_round,
    the_order_of_rows_does_not_matter,
    it_points_to_the_data,
    float32_at_least,
    fitted_is_settled,
)
