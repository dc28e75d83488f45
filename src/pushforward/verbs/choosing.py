"""The score of single points by which some games choose the state that they hand over: a likelihood, a rebuilding."""

import torch
from torch import Tensor

from pushforward.data import Data
from pushforward.games import Game
from pushforward.samplers import Bounded, Density, Latent, Sampler
from pushforward.spaces import Batch
from pushforward.training import OfPoints

ROWS, DRAWS = 1000, 10
"""Rows that are rebuilt at a time; codes a point, of a law in the posterior's place, that a bound is averaged over."""


def own_score(game: Game, data: Data, held_out: Batch) -> OfPoints | None:
    """Return what scores the state of a game on single points of the validation part; None where samples do.

    Args:
        game: that says by what its state is chosen.
        data: to which it is fitted.
        held_out: rows of the validation part.
    """
    if game.by_likelihood:
        return _likelihood(data, held_out)
    return _rebuilding(held_out) if game.by_rebuilding else None


def _likelihood(data: Data, held_out: Batch) -> OfPoints:
    """Return the log-density of held-out points, in nats and in the data's unit."""
    known = data.codec.log_det(held_out)

    def nats(sampler: Sampler) -> Tensor:
        assert isinstance(sampler, Density)  # a game asked
        points = held_out.to(sampler.device)
        found = sampler.bound(points, _draws(sampler)) if isinstance(sampler, Bounded) else sampler.log_prob(points)
        return found.cpu() + known

    return OfPoints("log-likelihood", "higher", nats)


def _draws(sampler: Sampler) -> int:
    """Return how many codes a bound is averaged over: one, or where these are not from the posterior's own law, ten."""
    return DRAWS if isinstance(sampler, Latent) and sampler.posterior.with_density() is not sampler.posterior else 1


def _rebuilding(held_out: Batch) -> OfPoints:
    """Return the cost by which held-out points differ from what their codes stand for, in the unit of that cost."""

    def costs(sampler: Sampler) -> Tensor:
        assert isinstance(sampler, Latent)  # a game asked
        points = held_out.to(sampler.device)
        parts = [points.rows(slice(i, i + ROWS)) for i in range(0, len(points.x), ROWS)]
        return torch.cat([sampler.rebuilding(part) for part in parts])

    return OfPoints("reconstruction-error", "lower", costs)
