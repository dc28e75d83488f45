"""The algebra, the guarded root, and what critics of one output demand."""

import pytest
import torch

from pushforward.discrepancies import MMD, Biased, JensenShannon, MeanDifference, OneSidedMean, Root
from pushforward.errors import Refused
from pushforward.kernels import Linear


def test_one_sided_mean_by_hand():
    x, y = torch.tensor([[1.0, 0.0, 2.0], [3.0, 0.0, 2.0]]), torch.tensor([[0.0, 3.0, 2.0]])
    assert OneSidedMean()(x, y).item() == -1.0  # gaps 2, -3, 0: the mean over three features of relu(-gap) is 1
    assert OneSidedMean()(y, x).item() == pytest.approx(-2 / 3)


def test_a_sum_of_different_degrees_has_none():
    with pytest.raises(Refused, match="degree of a sum .* got 2 and 1"):
        _ = (MMD(Linear()) + MeanDifference()).degree
    assert (3 * MMD(Linear()) + MMD(Linear())).degree == 2


def test_root_needs_a_square():
    with pytest.raises(Refused, match="degree 2"):
        Root(MeanDifference())


def test_root_is_guarded_at_and_below_zero():
    y = torch.tensor([[1.0], [2.0]], requires_grad=True)
    D = Root(MMD(Linear(), Biased()))
    value = D(y.detach(), y)
    value.backward()
    assert value.item() == 0
    assert torch.equal(y.grad, torch.zeros_like(y))
    unbiased = Root(MMD(Linear()))
    x = torch.tensor([[0.0], [3.0]])
    assert MMD(Linear())(x, y).item() < 0
    assert unbiased(x, y).item() == 0
    assert torch.equal(torch.autograd.grad(unbiased(x, y), y)[0], torch.zeros_like(y))
    assert unbiased.witness(x, x, y).isfinite().all()


@pytest.mark.parametrize("D", [MeanDifference(), JensenShannon()], ids=repr)
def test_one_output_is_demanded(D):
    with pytest.raises(Refused, match=r"one output, got shape \(3, 2\)"):
        D(torch.zeros(3, 2), torch.zeros(3, 2))
