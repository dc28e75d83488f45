"""The laws of noises, which every one of them obeys."""

from dataclasses import replace

import torch

from pushforward.samplers import Noise
from pushforward.testing.rule import holds, is_a_value, laws_of


def one_row_a_draw(noise: Noise) -> None:
    """Draw n gives n finite rows of float32, `dim` numbers wide."""
    for n in (1, 7):
        z = noise.draw(n)
        holds(z.shape == (n, noise.dim), f"{n} draws of dim {noise.dim} have shape {tuple(z.shape)}")
        holds(z.dtype == torch.float32, f"they are {z.dtype}")
        holds(z.isfinite().all(), "they are not finite")


def draws_come_from_torchs_generator(noise: Noise) -> None:
    """The same seed gives the same draws, and the next draws are others."""
    torch.manual_seed(1)
    first = noise.draw(5)
    torch.manual_seed(1)
    holds(torch.equal(noise.draw(5), first), "the same seed gives other draws")
    holds(not torch.equal(noise.draw(5), first), "the next draws are the same")


def size_is_an_option(noise: Noise) -> None:
    """The noise can be had in another size."""
    other = replace(noise, dim=noise.dim + 1)  # type: ignore[type-var]
    holds(other != noise, "two sizes are equal")
    holds(other.draw(2).shape == (2, noise.dim + 1), "its draws are not of the size asked for")


def draws_come_from_the_generator_given(noise: Noise) -> None:
    """A generator that is given decides the draws, and torch's own is left as it was."""
    before = torch.get_rng_state()
    first, second = (noise.draw(5, torch.Generator().manual_seed(1)) for _ in range(2))
    holds(torch.equal(first, second), "the same generator gives other draws")
    holds(torch.equal(torch.get_rng_state(), before), "torch's generator moved")


def the_density_integrates_to_one(noise: Noise) -> None:
    """∫ e^{log_prob} over a line is 1, for noise of one coordinate within 100 of 0 that fills no surface."""
    if noise.surface:
        return
    x = torch.linspace(-100, 100, 200_001, dtype=torch.float64)[:, None]
    density = replace(noise, dim=1).log_prob(x).exp()  # type: ignore[type-var]
    holds(density.shape == (len(x),), f"the density has shape {tuple(density.shape)}")
    total = float(torch.trapezoid(density, x[:, 0]))
    holds(abs(total - 1) < 1e-2, f"the density integrates to {total:.4g}")


def coordinates_are_independent(noise: Noise) -> None:
    """The density of a point is the product of those of its coordinates, unless the noise says otherwise."""
    if not noise.independent:
        return
    z, one = noise.draw(20).double(), replace(noise, dim=1)  # type: ignore[type-var]
    product = torch.stack([one.log_prob(z[:, [j]]) for j in range(noise.dim)]).sum(0)
    torch.testing.assert_close(noise.log_prob(z), product, rtol=1e-9, atol=1e-9)


def every_coordinate_has_the_variance(noise: Noise) -> None:
    """The variance of each coordinate of 20,000 draws is what the noise says, to a tenth."""
    found = noise.draw(20_000).double().var(0)
    holds(bool((found / noise.variance - 1).abs().max() < 0.1), f"it is not {noise.variance:.4g}")


def only_where_it_is_everywhere(noise: Noise) -> None:
    """The density is positive far away just where it is said to be positive everywhere."""
    far = noise.log_prob(torch.full((1, noise.dim), 50.0, dtype=torch.float64))
    holds(bool(far.isfinite().all()) == noise.everywhere, "it is not so where it says")
    holds(bool(noise.log_prob(noise.draw(10)).isfinite().all()), "its own draws have no density")


LAWS = laws_of(
    "noises",
    is_a_value,
    one_row_a_draw,
    draws_come_from_torchs_generator,
    draws_come_from_the_generator_given,
    size_is_an_option,
    the_density_integrates_to_one,
    coordinates_are_independent,
    every_coordinate_has_the_variance,
    only_where_it_is_everywhere,
)
