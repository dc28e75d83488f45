"""The arrays that the page draws of an encoder: data rebuilt, lines and directions of codes, codes beside the prior."""

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.features import Features
from pushforward.judging.panels import POINTS, plane
from pushforward.likelihoods import Likelihood
from pushforward.metrics import KID, two_sample_test
from pushforward.metrics.diagnosis.where import where
from pushforward.samplers import Latent, LatentFlow, Redrawn, Sampler
from pushforward.samplers.rates import levels, rates
from pushforward.spaces import Batch
from pushforward.training import rng_preserved
from pushforward.verbs.coding import Coder, codes_drawn
from pushforward.verbs.run import Run

REBUILT, LINES, STEPS = 24, 6, 8

FAR = 2.0
"""The deviations to both sides that a direction of codes is followed for."""


def code_panels(run: Run, x: Batch, f: Features) -> dict[str, np.ndarray]:
    """Return what is drawn of the encoder of a run; nothing of a run without one.

    Args:
        run: a trained one.
        x: test data, as the run encodes them.
        f: the space in which the run is judged.
    """
    if not isinstance(sampler := run.sampler(), Latent | LatentFlow):
        return {}
    coder, show = run.coder(), run.codec.show
    few = x.rows(slice(REBUILT))
    a, b = (x.rows(slice(start, 2 * LINES, 2)) for start in (0, 1))
    pairs = min(len(a.x), len(b.x))
    first, second = (side.rows(slice(pairs)) for side in (a, b))
    line = coder.between(first, second._replace(label=first.label), STEPS)
    many = x.rows(slice(POINTS))
    with rng_preserved(), torch.no_grad():
        torch.manual_seed(0)
        codes = codes_drawn(sampler, many.x).cpu()
        prior = sampler.draw_codes(len(codes)).cpu()
        seen, nats = means_and_draws(run, sampler, many, f), rates(sampler, many.x.to(sampler.device))
    return {
        "rebuilt_data": show(few),
        "rebuilt_points": show(coder.rebuilt(few)),
        "line_points": show(line),
        "traversal_points": show(traversal(coder, x.rows(slice(1)), coder.codes(many))),
        "code_variances": coder.codes(many).var(0).numpy(),
        "code_levels": np.array(levels(sampler)),
        "code_rates": np.array([]) if nats is None else nats.double().cpu().numpy(),
        **cloud(codes, prior),
        **_classes(run, many),
        **seen,
    }


def traversal(coder: Coder, start: Batch, codes: Float[Tensor, "n k"]) -> Batch:
    """Return what codes stand for on lines through that of a point, along the directions in which codes vary most.

    Args:
        coder: of the run.
        start: the point.
        codes: of data, whose principal directions are followed, two deviations to both sides.
    """
    centred = codes.double() - codes.double().mean(0)
    _, spread, directions = torch.linalg.svd(centred, full_matrices=False)
    deviations = spread / max(1, len(codes) - 1) ** 0.5
    lines = min(LINES, codes.shape[1], len(codes))
    far = torch.linspace(-FAR, FAR, STEPS, dtype=torch.float64)
    moved = far[None, :, None] * (deviations[:lines, None] * directions[:lines])[:, None]
    path = (coder.codes(start).double() + moved.flatten(0, 1)).float()
    return coder.decoded(path, None if start.label is None else start.label.expand(len(path)))


def cloud(codes: Float[Tensor, "n k"], prior: Float[Tensor, "n k"]) -> dict[str, np.ndarray]:
    """Return codes and draws of the prior in the plane, the test of one against the other, and where they differ most.

    Args:
        codes: of data, drawn.
        prior: as many draws.
    """
    seen = plane(codes, prior)
    found = {"prior_view_data": seen[0], "prior_view_samples": seen[1]}
    if len(codes) < 2:
        return found
    test, place = two_sample_test(prior, codes), where(prior, codes)
    found["code_test"] = np.array([test.p_value, test.effect_size])
    return found | {"bare_prior": seen[1][list(place.missed.rows)], "bare_codes": seen[0][list(place.over.rows)]}


def means_and_draws(run: Run, sampler: Latent | LatentFlow, x: Batch, f: Features) -> dict[str, np.ndarray]:
    """Return samples and the means of the same codes, and the KID of both; nothing where draws are means.

    Args:
        run: a trained one.
        sampler: of the run.
        x: test data.
        f: the space in which the KID is computed.
    """
    if not isinstance(sampler.cost, Likelihood) or len(x.x) < 3:
        return {}
    z = sampler.draw_noise(len(x.x))
    dim = z.shape[1] - sampler.space.dim
    label = None if x.label is None or not sampler.classes else x.label.to(z.device)
    ways = {"draws": (sampler, z), "means": (Redrawn(sampler, means=True), z[:, :dim])}
    made = {name: Batch(_pushed(way, noise, label), x.label) for name, (way, noise) in ways.items()}
    data = f(x.x)
    kids = [KID()(data, f(batch.x))[0] for batch in made.values()]
    pictures = {f"{name}_shown": run.codec.show(b.rows(slice(REBUILT))) for name, b in made.items()}
    return {**pictures, "kid_of_draws_and_means": np.array([[kid.value, kid.stderr or 0.0] for kid in kids])}


def _pushed(sampler: Sampler, noise: Tensor, label: Tensor | None) -> Tensor:
    """Return samples of noise, some at a time."""
    labels = [None] * len(noise) if label is None else label.split(1000)
    parts = zip(noise.split(1000), labels, strict=False)
    return torch.cat([sampler.push(part, classes) for part, classes in parts]).float().cpu()


def _classes(run: Run, x: Batch) -> dict[str, np.ndarray]:
    """Return the classes of the points whose codes are drawn, by number, with the names of all."""
    names = run.game.space.classes
    if x.label is None or not names:
        return {}
    return {"code_classes": x.label.cpu().numpy(), "code_class_names": np.array([str(name) for name in names])}
