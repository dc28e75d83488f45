"""The likelihood of data that a run was not fitted to, for runs that have a density."""

from dataclasses import dataclass, replace

from jaxtyping import Float
from torch import Tensor

from pushforward.metrics import Score, bits_per_dimension, kl, log_likelihood
from pushforward.metrics.scores.bits_per_dimension import bits_of_rows
from pushforward.samplers import Density, Sampler
from pushforward.spaces import Batch, Image
from pushforward.verbs.run import Run


@dataclass(frozen=True, eq=False)
class HeldOut:
    """The likelihood of held-out rows, in bits per dimension of pictures and in nats of rows of numbers.

    Args:
        score: the mean with its error.
        rows: the number of every row, in the same unit.
        divergence: KL of the data's law, where that is known; else None.
    """

    score: Score
    rows: Float[Tensor, " n"]
    divergence: Score | None = None


def held_out_likelihood(run: Run, x: Batch) -> HeldOut | None:
    """Return bits per dimension of pictures, log-likelihood of rows; None for a run without a density.

    Args:
        run: whose best state it is.
        x: held-out data, as the run encodes them.
    """
    sampler, space = run.game.sampler, run.game.space
    if not isinstance(sampler, Density):
        return None
    given = ", given the class" if sampler.classes and x.label is not None else ""
    nats, bound = run.density(x), "" if sampler.exact else _bound(sampler)
    if not isinstance(space, Image) or sampler.discrete or not nats.isfinite().all():
        score = log_likelihood(nats, bound)
        return HeldOut(replace(score, note=f"{score.note}{given}"), nats, _divergence(run, x, nats, bound))
    levels = round(2 / run.codec.grain) + 1 if run.codec.grain else None
    extent, of_what = float(levels or 1), f", of {bound} of the density" if bound else ""
    score = bits_per_dimension(nats, space.dim, levels, extent=extent)
    rows = bits_of_rows(nats, space.dim, levels, extent=extent)
    return HeldOut(replace(score, note=f"{score.note}{of_what}{given}"), rows)


def _divergence(run: Run, x: Batch, nats: Tensor, bound: str) -> Score | None:
    """Return KL of the data's law from the run's; None where that law is not known, or the run's leaves rows out."""
    law = run.data.log_prob
    if law is None or not nats.isfinite().all():
        return None
    return kl(law(x.x.double()) + run.codec.log_det(x), nats, bound)


def _bound(sampler: Sampler) -> str:
    """Return what kind of bound a sampler's density is, in words."""
    return f"a lower bound by {sampler.draws} draws of a code (K)" if sampler.draws else "a lower bound"
