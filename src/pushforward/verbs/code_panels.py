"""The arrays that the page draws of an encoder: data rebuilt, lines between codes, and codes beside the prior."""

import numpy as np
import torch

from pushforward.judging.panels import POINTS, plane, rows_of
from pushforward.samplers import Latent
from pushforward.spaces import Batch
from pushforward.training import rng_preserved
from pushforward.verbs.coding import codes_drawn
from pushforward.verbs.run import Run

REBUILT, LINES, STEPS = 24, 6, 8


def code_panels(run: Run, x: Batch) -> dict[str, np.ndarray]:
    """Return what is drawn of the encoder of a run; nothing of a run without one.

    Args:
        run: a trained one.
        x: test data, as the run encodes them.
    """
    if not isinstance(sampler := run.sampler(), Latent):
        return {}
    coder, show = run.coder(), run.codec.show
    few = rows_of(x, range(min(REBUILT, len(x.x))))
    a, b = (rows_of(x, range(start, min(len(x.x), 2 * LINES), 2)) for start in (0, 1))
    pairs = min(len(a.x), len(b.x))
    line = coder.between(
        rows_of(a, range(pairs)), Batch(rows_of(b, range(pairs)).x, rows_of(a, range(pairs)).label), STEPS
    )
    many = rows_of(x, range(min(POINTS, len(x.x))))
    with rng_preserved(), torch.no_grad():
        torch.manual_seed(0)
        codes = codes_drawn(sampler, many.x)
        prior = sampler.draw_codes(len(codes))
    cloud = plane(codes.cpu(), prior.cpu())
    return {
        "rebuilt_data": show(few),
        "rebuilt_points": show(coder.rebuilt(few)),
        "line_points": show(line),
        "prior_view_data": cloud[0],
        "prior_view_samples": cloud[1],
        "code_variances": coder.codes(many).var(0).numpy(),
    }
