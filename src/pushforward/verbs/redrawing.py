"""The samples of a sampler with an encoder under another law of codes, or as means."""

from typing import Literal

import torch

from pushforward.errors import Refused
from pushforward.games import MixtureEM, TrainingRows
from pushforward.progress import step
from pushforward.samplers import GaussianMixture, Latent, LatentFlow, Redrawn, Sampler
from pushforward.spaces import Batch, Vector
from pushforward.training import Turn, rng_preserved
from pushforward.verbs.coding import codes_drawn

CodeLaw = Literal["own", "gmm"]
"""What codes of samples are drawn by."""

ROWS = 10_000
"""Training rows at most whose codes a mixture is fitted to."""

SWEEPS = 200
"""Sweeps of expectation maximisation at most."""


def redrawn(name: str, sampler: Sampler, train: TrainingRows | None, means: bool) -> Redrawn:
    """Return the sampler whose codes a mixture of Gaussians draws, or whose samples are means.

    Args:
        name: of the run, for the sentence.
        sampler: with an encoder, in evaluation mode.
        train: rows to whose codes the mixture is fitted; None leaves the prior.
        means: whether samples are means.

    Raises:
        Refused: for a sampler without an encoder.
    """
    if not isinstance(sampler, Latent | LatentFlow):
        raise Refused(f"{name} has no encoder and no codes, which --prior and --means are about; leave both out, "
                      "or fit a recipe that has, such as vae.")  # fmt: skip
    return Redrawn(sampler, None if train is None else mixture_of_codes(sampler, train), means).eval()


@step("fitting a mixture to codes")
def mixture_of_codes(sampler: Latent | LatentFlow, train: TrainingRows) -> GaussianMixture:
    """Return the mixture under which draws of codes of training rows are likeliest, its size by left-out codes.

    Args:
        sampler: in evaluation mode.
        train: the training part.
    Source: Ghosh et al. (2020), arXiv 1903.12436, section 5, for a density of codes that is fitted afterwards.
    """
    with rng_preserved(), torch.no_grad():
        torch.manual_seed(0)
        codes = codes_drawn(sampler, train.all(ROWS).x)
        dim = sampler.prior.dim
        game = MixtureEM(Vector(dim), GaussianMixture((dim,), 1), choose=True)
        game.prepare(_Codes(codes))
        turn = Turn({}, {})
        for number in range(SWEEPS):
            turn.begin(number, 0.0)
            game.step(lambda: Batch(codes), turn)
            if game.turns is not None:
                break
    return game.sampler


class _Codes:
    """The codes, as the training rows of a game."""

    def __init__(self, codes: torch.Tensor):
        self.codes = codes

    def __len__(self) -> int:
        return len(self.codes)

    def all(self, limit: int | None = None) -> Batch:
        return Batch(self.codes[:limit])
