"""Scores that other programs define: KID by subsets, inception score, written out in NumPy."""

import numpy as np
import pytest
import torch

from pushforward.errors import Refused
from pushforward.metrics import InceptionScore, KIDSubsets


def torch_fidelitys_kid(fake, real, subsets, size, seed):
    """Its loop: subsets of the first input are drawn before those of the second, and the mean is over all."""
    draw, values = np.random.RandomState(seed), []
    k = lambda a, b: (a @ b.T / a.shape[1] + 1) ** 3
    for _ in range(subsets):
        a = fake[draw.choice(len(fake), size, replace=False)]
        b = real[draw.choice(len(real), size, replace=False)]
        within = sum(k(z, z).sum() - np.trace(k(z, z)) for z in (a, b)) / (size * (size - 1))
        values.append(within - 2 * k(a, b).sum() / size**2)
    return np.mean(values), np.std(values)


def test_kid_of_subsets_equals_torch_fidelitys():
    rng = np.random.default_rng(0)
    real, fake = rng.normal(size=(150, 8)), rng.normal(size=(130, 8)) + 0.4
    (score,) = KIDSubsets(subsets=20, size=100)(real, fake)
    mean, deviation = torch_fidelitys_kid(fake, real, 20, 100, 2020)
    assert score.value == pytest.approx(mean, rel=1e-10)
    assert score.spread == pytest.approx(deviation, rel=1e-9)
    assert score.stderr is None


def test_kid_of_subsets_refuses_subsets_larger_than_the_sample(rng):
    with pytest.raises(Refused, match="draws 1000 rows a side, and one side has 999"):
        KIDSubsets()(torch.randn(999, 3), torch.randn(2000, 3))


def test_inception_score_equals_its_definition():
    rng = np.random.default_rng(1)
    p = rng.dirichlet(np.full(5, 0.3), size=103)
    order = np.random.RandomState(2020).permutation(103)
    values = []
    for i in range(10):
        q = p[order][i * 103 // 10 : (i + 1) * 103 // 10]
        values.append(np.exp((q * (np.log(q) - np.log(q.mean(0)))).sum(1).mean()))
    (score,) = InceptionScore()(p, p)
    assert score.value == pytest.approx(np.mean(values), rel=1e-12)
    assert score.spread == pytest.approx(np.std(values, ddof=1) / 10**0.5, rel=1e-12)


def test_inception_score_of_no_information_is_one_and_of_certain_classes_their_number():
    same = torch.full((20, 4), 0.25)
    assert InceptionScore()(same, same)[0].value == pytest.approx(1.0, rel=1e-14)
    assert InceptionScore(splits=2, seed=None)(same, torch.eye(4).repeat(2, 1))[0].value == pytest.approx(4, rel=1e-14)


def test_inception_score_refuses_what_is_no_probability(rng):
    with pytest.raises(Refused, match="sum to 1"):
        InceptionScore()(torch.randn(20, 3), torch.randn(20, 3))
    with pytest.raises(Refused, match="splits"):
        InceptionScore()(torch.eye(3), torch.eye(3))
