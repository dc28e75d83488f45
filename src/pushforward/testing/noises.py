"""Laws of noises."""

from dataclasses import replace

import torch

from pushforward.samplers import Noise
from pushforward.testing.law import code, holds, is_a_value


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
    """It can be had in another size."""
    other = replace(noise, dim=noise.dim + 1)  # type: ignore[type-var]
    holds(other != noise, "two sizes are equal")
    holds(other.draw(2).shape == (2, noise.dim + 1), "its draws are not of the size asked for")


LAWS = code("noises", is_a_value, one_row_a_draw, draws_come_from_torchs_generator, size_is_an_option)
