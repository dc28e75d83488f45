"""The sliced Wasserstein distance as a discrepancy: against the metric, a closed form, and its own witness."""

import pytest
import torch

from pushforward import metrics
from pushforward.discrepancies import SlicedWasserstein
from pushforward.errors import Refused


def test_it_is_the_square_of_the_metric():
    """By other directions, 4,000 of each: of 30 and 50 points, to the error of a mean over so many."""
    x, y = torch.randn(30, 3).double(), torch.randn(50, 3).double() + torch.tensor([1.0, 0.0, 0.0])
    (score,) = metrics.SlicedWasserstein(4000, seed=1).measure(x, y)
    assert float(SlicedWasserstein(4000)(x, y)) == pytest.approx(score.value**2, rel=0.1)


def test_a_shift_costs_its_square_over_the_dimension():
    """E (uᵀs)² = ‖s‖²/d over the sphere; over 4,000 directions within five of its errors, √(2/(d + 2)/4000)·‖s‖²/d."""
    x, s = torch.randn(20, 4).double(), torch.tensor([1.0, -2.0, 0.5, 0.0]).double()
    found = float(SlicedWasserstein(4000)(x, x + s))
    expected = float(s @ s) / 4
    assert abs(found / expected - 1) < 5 * (2 * 3 / (4 + 2) / 4000) ** 0.5


def test_the_witness_says_where_samples_go():
    """∇_y D = −(2/m)·∇ of the witness at y, for samples between which the witness is not bent: by differences."""
    D, x, y = SlicedWasserstein(50), torch.randn(8, 2).double(), torch.randn(5, 2).double().requires_grad_()
    (slope,) = torch.autograd.grad(D(x, y), y)
    with torch.no_grad():
        moved = D.witness(y - 0.2 * slope, x, y) - D.witness(y, x, y)
    assert (moved > 0).all()


def test_no_direction_is_refused():
    with pytest.raises(Refused, match="projections of SlicedWasserstein must be at least 1, got 0"):
        SlicedWasserstein(0)
