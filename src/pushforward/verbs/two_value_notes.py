"""The sentence on samples of two values that are judged beside grey data."""

from pushforward.data import Data
from pushforward.likelihoods import Bernoulli
from pushforward.likelihoods.two_values import between
from pushforward.notes import Note
from pushforward.samplers import Latent, Sampler

ROWS = 200
"""Rows that are looked at."""


def two_value_notes(sampler: Sampler, data: Data) -> list[Note]:
    """Return what scores of samples see first where a likelihood draws grey pixels anew each time it sees them.

    Args:
        sampler: of the game.
        data: to which it is fitted.
    """
    cost = sampler.cost if isinstance(sampler, Latent) else None
    if not (isinstance(cost, Bernoulli) and cost.binarise and data.space.range is not None):
        return []
    if not between(data.train.all(ROWS).x, *data.space.range):
        return []
    return [Note("samples have two values and these data are grey, since --likelihood.binarise draws their pixels anew "
                 "for the likelihood alone: scores of samples see that difference first. The likelihood is of pixels "
                 "that are drawn; to judge samples beside their like, draw the data themselves, once for all "
                 "(--binarise true).", "doubt")]  # fmt: skip
