"""The noise has the law it says."""

import pytest
import torch

from pushforward import samplers
from pushforward.errors import Refused
from pushforward.samplers import Mixture, Noise, Normal, Sphere, Uniform
from pushforward.testing.noises import LAWS

# mean, variance, fourth central moment of one coordinate
LAWS_OF_CHANCE = [
    (Normal(4), 0.0, 1.0, 3.0),
    (Uniform(4), 0.0, 1 / 3, 1 / 5),
    (Uniform(3, 2.0, 5.0), 3.5, 9 / 12, 81 / 80),
    (Normal(3, 2.0), 0.0, 4.0, 48.0),
    (Sphere(4), 0.0, 1 / 4, 1 / 8),
    (Sphere(3, 2.0), 0.0, 4 / 3, 16 / 5),
    (Mixture(2, 3.0), 0.0, 1 + 9 / 2, 3 + (81 + 54) / 2),
]
N = 40_000
SIGMAS = 5.0  # of the estimates: one false alarm in a million


@pytest.mark.parametrize(("noise", "mean", "variance", "fourth"), LAWS_OF_CHANCE, ids=lambda v: str(v))
def test_moments_and_independence(noise: Noise, mean, variance, fourth):
    """The mean of n draws errs by √(σ²/n), their second moment by √((μ₄ − σ⁴)/n), a product of two by σ²/√n."""
    z = noise.draw(N).double() - mean
    assert z.shape == (N, noise.dim)
    assert z.mean(0).abs().max() < SIGMAS * (variance / N) ** 0.5
    assert (z.square().mean(0) - variance).abs().max() < SIGMAS * ((fourth - variance**2) / N) ** 0.5
    second = z.T @ z / N
    assert (second - second.diagonal().diag()).abs().max() < SIGMAS * variance / N**0.5


def test_uniform_keeps_to_its_interval_and_fills_it():
    """The least of n draws exceeds the lower end by ten times the width over n with probability e⁻¹⁰."""
    z = Uniform(1, 2.0, 5.0).draw(N)
    assert 2.0 <= z.min() < 2.0 + 30.0 / N
    assert 5.0 - 30.0 / N < z.max() <= 5.0


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
@pytest.mark.parametrize("noise", [law[0] for law in LAWS_OF_CHANCE], ids=str)
def test_law(noise: Noise, law):
    law(noise)


def test_every_noise_is_a_value():
    kinds = [getattr(samplers, n) for n in samplers.__all__]
    noises = [k for k in kinds if isinstance(k, type) and issubclass(k, Noise) and k is not Noise]
    assert {type(law[0]) for law in LAWS_OF_CHANCE} == set(noises), "every noise has its law tested above"
    for kind in noises:
        assert kind(7) == kind(7) != kind(8)
        assert hash(kind(7)) == hash(kind(7))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Normal(0), "dim of Normal must be at least 1, got 0"),
        (lambda: Uniform(-1), "dim of Uniform must be at least 1, got -1"),
        (lambda: Normal(2, 0.0), "scale of Normal must be positive, got 0.0"),
        (lambda: Sphere(2, -1.0), "radius of Sphere must be positive, got -1.0"),
        (lambda: Mixture(2, -1.0), "radius of Mixture must be at least 0, got -1.0"),
        (lambda: Uniform(2, 1.0, 1.0), "low of Uniform must be below high, got 1.0 and 1.0"),
    ],
)
def test_what_cannot_be_is_refused(make, said):
    with pytest.raises(Refused, match=said):
        make()


def test_densities_against_other_forms():
    """The mixture by torch's; the area of the circle of radius 2, and of the sphere, as everybody knows them."""
    from torch.distributions import Categorical, Independent, MixtureSameFamily
    from torch.distributions import Normal as Theirs

    x, centres = torch.randn(20, 3).double(), 2 * torch.cat([torch.eye(3), -torch.eye(3)]).double()
    law = MixtureSameFamily(Categorical(torch.ones(6)), Independent(Theirs(centres, 0.5), 1))
    torch.testing.assert_close(Mixture(3, 2.0, 0.5).log_prob(x), law.log_prob(x))
    assert float(Sphere(2, 2.0).log_prob(Sphere(2, 2.0).draw(1)).exp()) == pytest.approx(1 / (4 * torch.pi))
    assert float(Sphere(3).log_prob(Sphere(3).draw(1)).exp()) == pytest.approx(1 / (4 * torch.pi))
