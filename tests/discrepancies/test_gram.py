"""The kernel matrices entry by entry: x are the data and stand in the rows, y the samples and stand in the columns."""

from math import exp

import pytest
import torch

from pushforward.discrepancies import Gram, density_ratio
from pushforward.kernels import Gaussian

SCALES = (0.5, 2.0)


@pytest.fixture
def xy(rng):
    """As many data as samples, so that no shape tells them apart."""
    x = torch.randn(4, 2, generator=rng, dtype=torch.float64)
    return x, 1.0 + 0.5 * torch.randn(4, 2, generator=rng, dtype=torch.float64)


def by_hand(u, v):
    """Σ over the scales of exp(−‖u − v‖²/2σ²)."""
    return sum(exp(-float((u - v).square().sum()) / (2 * sigma**2)) for sigma in SCALES)


@pytest.mark.parametrize(("name", "rows", "columns"), [("xx", 0, 0), ("yy", 1, 1), ("xy", 0, 1)])
def test_every_entry_is_of_the_rows_it_is_named_for(xy, name, rows, columns):
    gram = Gram(Gaussian(SCALES), *xy)
    expected = torch.tensor([[by_hand(u, v) for v in xy[columns]] for u in xy[rows]], dtype=torch.float64)
    torch.testing.assert_close(getattr(gram, name), expected, rtol=1e-12, atol=0)
    torch.testing.assert_close(getattr(gram, f"{name}_components").sum(0), expected, rtol=1e-12, atol=0)
    torch.testing.assert_close(getattr(gram, f"{name}_total"), expected.sum(), rtol=1e-12, atol=0)
    torch.testing.assert_close(getattr(gram, f"{name}_trace"), expected.diagonal().sum(), rtol=1e-12, atol=0)


def test_sizes_are_those_of_data_and_of_samples(xy):
    gram = Gram(Gaussian(1.0), xy[0], xy[1][:3])
    assert (gram.n, gram.m) == (4, 3)
    assert (len(gram.x), len(gram.y)) == (4, 3)


def test_the_ratio_is_that_of_data_over_samples():
    """Two far points, three data and one sample at the first, one and three at the second: p/q is 3 and 1/3."""
    one, other = torch.zeros(1, 1, dtype=torch.float64), torch.full((1, 1), 100.0, dtype=torch.float64)
    x, y = torch.cat([one, one, one, other]), torch.cat([one, other, other, other])
    found = density_ratio(Gram(Gaussian(1.0), x, y), ridge=1e-9)
    # The solve shares out a point's mass among the equal rows: K_yy has rank one in each block of 1 and of 3.
    torch.testing.assert_close(found, torch.tensor([3.0, 1 / 3, 1 / 3, 1 / 3]).double(), rtol=1e-6, atol=0)
