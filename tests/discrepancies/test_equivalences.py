"""Identities between forms that were written independently."""

import numpy as np
import pytest
import torch
from scipy.stats import energy_distance
from sklearn.metrics.pairwise import polynomial_kernel

from pushforward.discrepancies import (
    MMD,
    Biased,
    Block,
    Energy,
    Gram,
    JensenShannon,
    LinearTime,
    MeanDifference,
    Root,
    Unbiased,
    UStatistic,
)
from pushforward.kernels import Distance, Gaussian, Linear, Polynomial, RationalQuadratic


@pytest.fixture
def xy(rng):
    x = torch.randn(11, 3, generator=rng, dtype=torch.float64)
    return x, 0.5 + 2 * torch.randn(8, 3, generator=rng, dtype=torch.float64)


def close(a, b):
    torch.testing.assert_close(torch.as_tensor(a, dtype=torch.float64), torch.as_tensor(b), rtol=1e-12, atol=1e-12)


def test_linear_kernel_is_the_squared_distance_of_means(xy):
    x, y = xy
    gap = x.mean(0) - y.mean(0)
    close(MMD(Linear(), Biased())(x, y), gap @ gap)
    close(MMD(Linear(), Unbiased())(x, y), gap @ gap - x.var(0).sum() / len(x) - y.var(0).sum() / len(y))


def test_linear_kernel_is_wasserstein_gan_squared(xy):
    x, y = xy[0][:, :1], xy[1][:, :1]
    close(MMD(Linear(), Biased())(x, y), MeanDifference()(x, y) ** 2)
    close(Root(MMD(Linear(), Biased()))(x, y), MeanDifference()(x, y).abs())


@pytest.mark.parametrize("exponent", [0.5, 1.0, 1.7])
@pytest.mark.parametrize("estimator", [Biased(), Unbiased()])
def test_twice_the_distance_kernel_is_the_energy_distance(xy, exponent, estimator):
    x, y = xy
    across = np.mean([(a - b).norm() ** exponent for a in x for b in y])

    def within(z):
        total = sum((a - b).norm() ** exponent for a in z for b in z)
        return total / (len(z) ** 2 if estimator == Biased() else len(z) * (len(z) - 1))

    expected = 2 * across - within(x) - within(y)
    close(Energy(exponent, estimator)(x, y), expected)
    close(2 * MMD(Distance(exponent), estimator)(x, y), expected)
    close(2 * MMD(Distance(exponent, (3.0, -1.0, 2.0)), estimator)(x, y), expected)  # the base point changes nothing


def test_energy_distance_in_one_dimension_is_scipys(xy):
    x, y = xy[0][:, :1], xy[1][:, :1]
    close(Energy(estimator=Biased())(x, y), energy_distance(x.flatten(), y.flatten()) ** 2)


def test_cubic_kernel_is_the_kernel_inception_distance(xy):
    x, y = (z.numpy() for z in xy)
    n, m = len(x), len(y)
    xx, yy, xy_ = polynomial_kernel(x), polynomial_kernel(y), polynomial_kernel(x, y)
    within = (xx.sum() - np.trace(xx)) / (n * (n - 1)) + (yy.sum() - np.trace(yy)) / (m * (m - 1))
    close(MMD(Polynomial())(*xy), within - 2 * xy_.mean())


def test_u_statistic_is_the_mean_of_its_kernel(xy):
    x, y = xy[0][:8], xy[1]
    k = Gaussian(1.5)
    xx, yy, xy_ = k(x, x), k(y, y), k(x, y)
    h = [xx[i, j] + yy[i, j] - xy_[i, j] - xy_[j, i] for i in range(8) for j in range(8) if i != j]
    close(MMD(k, UStatistic())(x, y), torch.stack(h).mean())
    pairs = [xx[i, i + 1] + yy[i, i + 1] - xy_[i, i + 1] - xy_[i + 1, i] for i in range(0, 8, 2)]
    close(MMD(k, LinearTime())(x, y), torch.stack(pairs).mean())


def test_blocks(xy):
    x, y = xy[0][:8], xy[1]
    k = RationalQuadratic()
    halves = [MMD(k)(x[:4], y[:4]), MMD(k)(x[4:], y[4:])]
    close(MMD(k, Block(4))(x, y), torch.stack(halves).mean())
    close(MMD(k, Block(8))(x, y), MMD(k)(x, y))
    close(MMD(k, Block(3))(x, y), MMD(k, Block(3))(x[:6], y[:6]))  # rows left over are not used


def test_scales_are_summed(xy):
    parts = [MMD(Gaussian(s))(*xy) for s in (0.5, 2.0)]
    close(MMD(Gaussian((0.5, 2.0)))(*xy), sum(parts))
    close(MMD(Gaussian(0.5) + Gaussian(2.0))(*xy), sum(parts))
    close((MMD(Gaussian(0.5)) + 1 * MMD(Gaussian(2.0)))(*xy), sum(parts))


def test_one_gram_gives_every_reduction(xy):
    k = (Gaussian(1.0) + Linear()).on(torch.tanh)
    gram = Gram(k, *xy)
    for estimator in (Biased(), Unbiased()):
        close(MMD(k, estimator).of(gram), MMD(k, estimator)(*xy))
    close(gram.xx_components.sum(0), k(xy[0], xy[0]))


def test_jensen_shannon_at_the_best_critic():
    # P = N(1, 1), Q = N(-1, 1): the best logit is 2t, and the value there 2·JS - log 4, by quadrature.
    t = torch.linspace(-12, 12, 200_001, dtype=torch.float64)
    normal = torch.distributions.Normal
    p, q = (normal(torch.tensor(mu, dtype=torch.float64), 1.0).log_prob(t).exp() for mu in (1.0, -1.0))
    js = torch.trapezoid((torch.special.entr((p + q) / 2) * 2 - torch.special.entr(p) - torch.special.entr(q)) / 2, t)
    rng = torch.Generator().manual_seed(0)
    x, y = torch.randn(200_000, 1, generator=rng) + 1, torch.randn(200_000, 1, generator=rng) - 1
    stderr = (torch.nn.functional.softplus(-2 * x).var() / 1e5) ** 0.5  # of either mean; the sum's is √2 as large
    expected = 2 * js - torch.log(torch.tensor(4.0))
    assert abs(JensenShannon()(2 * x, 2 * y) - expected) < 3 * 2**0.5 * stderr


def test_jensen_shannon_is_binary_cross_entropy(xy):
    x, y = xy[0][:, :1], xy[1][:, :1]
    bce = torch.nn.functional.binary_cross_entropy_with_logits
    real, fake = bce(x, torch.ones_like(x)), bce(y, torch.zeros_like(y))
    close(JensenShannon()(x, y), -real - fake)
    close(JensenShannon().surrogate(x, y), bce(y, torch.ones_like(y)))
    close(JensenShannon(saturating=True).surrogate(x, y), -fake)
