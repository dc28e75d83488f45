"""The likelihood of data that a run was not fitted to, for runs that have a density."""

from dataclasses import replace

from pushforward.metrics import Score, bits_per_dimension, log_likelihood
from pushforward.samplers import Density, Sampler
from pushforward.spaces import Batch, Image
from pushforward.verbs.run import Run


def held_out_likelihood(run: Run, x: Batch) -> Score | None:
    """Return bits per dimension of pictures, log-likelihood of rows; None for a run without a density.

    Args:
        run: whose best state it is.
        x: held-out data, as the run encodes them.
    """
    sampler, space = run.game.sampler, run.game.space
    if not isinstance(sampler, Density):
        return None
    nats, bound = run.density(x), "" if sampler.exact else _bound(sampler)
    if not isinstance(space, Image) or sampler.discrete or not nats.isfinite().all():
        return log_likelihood(nats, bound)
    levels = round(2 / run.codec.grain) + 1 if run.codec.grain else None
    found = bits_per_dimension(nats, space.dim, levels, extent=float(levels or 1))
    return replace(found, note=f"{found.note}, of {bound} of the density") if bound else found


def _bound(sampler: Sampler) -> str:
    """Return what kind of bound a sampler's density is, in words."""
    return f"a lower bound by {sampler.draws} draws of a code (K)" if sampler.draws else "a lower bound"
