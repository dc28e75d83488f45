"""Losses that only a critic makes sense of, written out once more by hand and in loops."""

from math import log

import pytest
import torch

from pushforward.discrepancies import MMD, BoundarySeeking, Cramer, JensenShannon, Relativistic, RepulsiveMMD, Unbiased
from pushforward.errors import Refused
from pushforward.kernels import Gaussian


@pytest.fixture
def xy(rng):
    x = torch.randn(6, 3, generator=rng, dtype=torch.float64)
    return x, 0.5 + torch.randn(6, 3, generator=rng, dtype=torch.float64)


def test_relativistic_in_a_loop(xy):
    a, b = xy[0][:, :1], xy[1][:, :1]
    pairs = list(zip(a.flatten().tolist(), b.flatten().tolist(), strict=True))
    value = -sum(torch.tensor(1 + torch.e ** -(p - q)).log().item() for p, q in pairs) / 6
    lowered = sum(torch.tensor(1 + torch.e ** -(q - p)).log().item() for p, q in pairs) / 6
    assert Relativistic()(a, b).item() == pytest.approx(value, rel=1e-6)
    assert Relativistic().surrogate(a, b).item() == pytest.approx(lowered, rel=1e-6)
    assert Relativistic()(b, a).item() == pytest.approx(-lowered, rel=1e-6), "each player's loss is the other's, turned"


def test_relativistic_pairs_need_partners(xy):
    with pytest.raises(Refused, match="as many of x as of y, got 6 and 4"):
        Relativistic()(xy[0][:, :1], xy[1][:4, :1])


def test_repulsive_mmd_in_loops(xy):
    """Wang et al. (2019): the critic lowers E k(x,x′) − E k(y,y′), the sampler MMD²."""
    x, y = xy

    def apart(z):
        values = [torch.exp(-((p - q) ** 2).sum() / 2) for i, p in enumerate(z) for j, q in enumerate(z) if i != j]
        return sum(values) / len(values)

    D = RepulsiveMMD(Gaussian(1.0))
    torch.testing.assert_close(D(x, y), apart(y) - apart(x), rtol=1e-13, atol=0)
    assert torch.equal(D.surrogate(x, y), MMD(Gaussian(1.0), Unbiased())(x, y))


def test_boundary_seeking(xy):
    """Hjelm et al. (2018): E (T(y) − log Z)²; the discriminator is the GAN's; sp(−T) + T/2 is even."""
    a, b = xy[0][:, :1], xy[1][:, :1]
    D, log_z = BoundarySeeking(), b.exp().mean().log()
    assert torch.equal(D(a, b), JensenShannon()(a, b))
    torch.testing.assert_close(D.surrogate(a, b), (b - log_z).square().mean(), rtol=1e-13, atol=0)
    kept = torch.tensor(0.3, dtype=torch.float64)
    torch.testing.assert_close(D.remembered(kept, a, b), 0.995 * kept + 0.005 * log_z, rtol=1e-13, atol=0)
    torch.testing.assert_close(D.recalled(kept, a, b), (b - 0.3).square().mean(), rtol=1e-13, atol=0)
    even = BoundarySeeking(cross_entropy=True)
    torch.testing.assert_close(even.surrogate(a, b), even.surrogate(a, -b), rtol=1e-13, atol=0)
    assert even.surrogate(a, 0 * b).item() == pytest.approx(log(2))
    with pytest.raises(Refused, match="rate of BoundarySeeking"):
        BoundarySeeking(rate=1.5)


def loops(x, y):
    """Every mean that occurs in Cramér GAN, over all pairs of different rows."""
    xy = sum((p - q).norm() for p in x for q in y) / (len(x) * len(y))
    yy = sum((p - q).norm() for i, p in enumerate(y) for j, q in enumerate(y) if i != j) / (len(y) * (len(y) - 1))
    return xy, yy, x.norm(dim=1).mean(), y.norm(dim=1).mean()


def test_cramers_critic_in_loops(xy):
    """Bellemare et al. (2017): E‖X − Y′‖ − E‖Y − Y′‖ − E‖X‖ + E‖Y‖, X the data here."""
    cross, within, of_x, of_y = loops(*xy)
    expected = cross - within - of_x + of_y
    torch.testing.assert_close(Cramer(surrogate_critic=True)(*xy), expected, rtol=1e-13, atol=1e-14)


def test_cramers_critic_raises_the_difference_of_its_witness(xy):
    """f(t) = E‖t − y′‖ − ‖t‖, but that the value leaves out the rows' distance to themselves."""
    x, y = xy
    D = Cramer(surrogate_critic=True)
    difference = D.witness(x, x, y).mean() - D.witness(y, x, y).mean()
    own = loops(x, y)[1] / 6  # the mean over all y′ counts each y itself, at distance zero
    torch.testing.assert_close(D(x, y), difference - own, rtol=1e-13, atol=1e-14)


def test_cramers_critic_with_one_extra_sample_in_a_loop(xy):
    """f(t) = ‖t − y′‖ − ‖t‖ with the row before as y′: mean f(x) − mean f(y)."""
    x, y = xy
    total = sum((x[i] - y[i - 1]).norm() - x[i].norm() - (y[i] - y[i - 1]).norm() + y[i].norm() for i in range(6))
    torch.testing.assert_close(Cramer(surrogate_critic=True, paired=True)(x, y), total / 6, rtol=1e-13, atol=1e-14)


def test_cramers_sampler_with_one_extra_sample_in_a_loop(xy):
    """‖x − y‖ + ‖x − y′‖ − ‖y − y′‖ with the row before as y′: a sample at no distance from itself is no partner."""
    x, y = xy
    total = sum((x[i] - y[i]).norm() + (x[i] - y[i - 1]).norm() - (y[i] - y[i - 1]).norm() for i in range(6))
    torch.testing.assert_close(Cramer(paired=True).surrogate(x, y), total / 6, rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("paired", [False, True])
def test_cramers_partners_are_different_samples(paired):
    """Data at 0, samples at 0 and 1: E‖y − y′‖ of different rows is 1, of a row and itself 0, of all pairs a half."""
    x, y = torch.zeros(2, 1, dtype=torch.float64), torch.tensor([[0.0], [1.0]], dtype=torch.float64)
    assert Cramer(paired=paired).surrogate(x, y).item() == 0.0  # 2·½ − 0 − 1
    assert Cramer(True, paired)(x, y).item() == 0.0  # ½ − 0 − 1 + ½


def test_cramers_critic_is_blind_where_its_authors_say():
    """Point masses at 0 and t: t − t − 0 + 0, while the energy distance is 2t."""
    x, y = torch.full((3, 1), 5.0), torch.zeros(3, 1)
    for paired in (False, True):
        assert Cramer(True, paired)(x, y).item() == 0.0
    assert Cramer()(x, y).item() == 10.0


def test_a_pair_needs_its_partner(xy):
    with pytest.raises(Refused, match="as many rows of x as of y, at least 2, got 6 and 4"):
        Cramer(paired=True)(xy[0], xy[1][:4])
