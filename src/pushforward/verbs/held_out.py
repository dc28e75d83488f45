"""The likelihood of data that a run was not fitted to, for runs that have a density."""

from dataclasses import replace

from pushforward.metrics import Score, bits_per_dimension, log_likelihood
from pushforward.samplers import Density
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
    nats = run.density(x)
    if not isinstance(space, Image) or not nats.isfinite().all():
        return log_likelihood(nats, sampler.exact)
    levels = round(2 / run.codec.grain) + 1 if run.codec.grain else None
    found = bits_per_dimension(nats, space.dim, levels, extent=float(levels or 1))
    return found if sampler.exact else replace(found, note=f"{found.note}, of a bound of the density")
