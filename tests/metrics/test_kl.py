"""The divergence from a law that is known: a closed form, an error of paired rows, and what it refuses."""

import pytest
import torch
from torch.distributions import Normal

from pushforward.errors import Refused
from pushforward.metrics import kl


def test_two_normal_laws():
    """KL(N(0, 1) ‖ N(1, 2²)) = log 2 + (1 + 1)/8 − 1/2."""
    torch.manual_seed(0)
    x = torch.randn(20_000, dtype=torch.float64)
    found = kl(Normal(0.0, 1.0).log_prob(x), Normal(1.0, 2.0).log_prob(x))
    expected = torch.distributions.kl_divergence(Normal(0.0, 1.0), Normal(1.0, 2.0)).item()
    assert expected == pytest.approx(0.443147, abs=1e-6)
    assert abs(found.value - expected) < 4 * found.stderr
    assert found.interval[0] < found.value < found.interval[1]
    assert (found.name, found.better) == ("kl", "lower")


def test_its_error_is_that_of_paired_rows():
    """log p − log q = −x/4 + 1/32 for q = N(¼, 1): its mean is 1/32, its deviation ¼."""
    torch.manual_seed(0)
    x = torch.randn(10_000, dtype=torch.float64)
    found = kl(Normal(0.0, 1.0).log_prob(x), Normal(0.25, 1.0).log_prob(x))
    assert found.stderr == pytest.approx(0.25 / 100, rel=0.05)
    assert abs(found.value - 1 / 32) < 4 * found.stderr


def test_the_law_itself_is_at_zero_and_a_bound_says_so():
    nats = torch.randn(50)
    found = kl(nats, nats, "a lower bound by 5 draws of a code (K)")
    assert (found.value, found.stderr) == (0.0, 0.0)
    assert found.note == "in nats a row, an upper bound, the density being a lower bound by 5 draws of a code (K)"


def test_what_is_refused():
    with pytest.raises(Refused, match="kl needs log densities of 2 points or more, got 3 of p and 2 of q"):
        kl(torch.zeros(3), torch.zeros(2))
    with pytest.raises(Refused, match="got 1 of 3 points where one is not; where q is 0 and p is not"):
        kl(torch.zeros(3), torch.tensor([0.0, -torch.inf, 0.0]))
