"""The log-density of points by a sampler, in nats and in the unit of the data."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.data import Codec
from pushforward.errors import Refused
from pushforward.likelihoods import Likelihood
from pushforward.runs import RunFolder
from pushforward.runs.atomic import placeable
from pushforward.samplers import (
    Annealing,
    Bounded,
    Density,
    GaussianWindow,
    KernelDensity,
    Latent,
    Rule,
    Sampler,
    bandwidth_by,
    dequantised,
)
from pushforward.spaces import Batch, Image
from pushforward.training import rng_preserved, subseed
from pushforward.verbs.drawing import Weights

if TYPE_CHECKING:
    from pushforward.verbs.run import Run

NUMBERS, ROWS = 2**20, 2**16
"""Numbers, and rows, that a sampler is asked at once: a layer of 32 channels then takes 130 MB."""

CHAINED = 100
"""Points whose chains run side by side."""


def log_density(
    sampler: Sampler,
    codec: Codec,
    x: Batch,
    seed: int,
    draws: int | None,
    whose: str,
    shares: Sequence[float] | None = None,
) -> Float[Tensor, " n"]:
    """Return the log-density of encoded points, or a bound; of points of two values a probability's logarithm.

    Of a sampler that takes labels it is that given the label; of points without, over all classes.

    Args:
        sampler: in evaluation mode.
        codec: of the data.
        x: points.
        seed: of noise that fills steps between values, and of codes that a bound is averaged over.
        draws: K of such a bound; the sampler's own for None.
        whose: the run and its recipe, in sentences.
        shares: of the classes among the training data; even ones if absent.

    Raises:
        Refused: if the sampler has no density, or no bound that is averaged.
    """
    if not isinstance(sampler, Density):
        way = "estimate it by annealing" if isinstance(sampler, Latent) and isinstance(sampler.cost, Likelihood) else ""
        raise Refused(f"{whose}, has no density: its sampler cannot say how likely a point is; "
                      f"{way and f'{way} (--annealed true of pushforward likelihood), or '}fit one that can, such as "
                      "gmm or vae.")  # fmt: skip
    if draws is not None and not (isinstance(sampler, Bounded) and draws >= 1):
        raise Refused(f"draws must be at least 1, and are for bounds that are averaged over codes, got {draws} for "
                      f"{whose}.")  # fmt: skip
    own = torch.Generator().manual_seed(subseed(seed, "dequantisation"))
    grain = torch.tensor(codec.grain) if sampler.grain is None else sampler.grain.cpu()
    filled = dequantised(x.x, grain, own)
    size = min(ROWS, max(NUMBERS // max(x.x[0].numel(), 1), 1))
    with torch.no_grad(), rng_preserved():
        torch.manual_seed(subseed(seed, "codes"))
        blocks = [x._replace(x=filled).rows(slice(start, start + size)) for start in range(0, len(filled), size)]
        nats = [_of_block(sampler, block, draws, shares) for block in blocks]
    return torch.cat(nats) if sampler.discrete else torch.cat(nats) + codec.log_det(x)


def annealed(
    run: "Run", x: Batch, annealing: Annealing = Annealing(), seed: int = 0, weights: Weights = "best"
) -> tuple[np.ndarray, np.ndarray]:
    """Return log p(x) of encoded points by annealed importance sampling, in the unit of the data, and its errors.

    Args:
        run: whose decoder it is.
        x: points.
        annealing: temperatures, chains and steps.
        seed: of the chains, and of noise that fills steps between values.
        weights: as of `Run.sample`.

    Raises:
        Refused: if the sampler has no codes, or decodes them to no law.
    """
    sampler = run.sampler(weights)
    if not isinstance(sampler, Latent):
        raise Refused(f"{run.path.name}, a run of {run.recipe}, decodes no codes, which annealing is about; ask for "
                      "its log_prob, or fit a recipe with codes, such as vae or avb.")  # fmt: skip
    with rng_preserved():
        torch.manual_seed(subseed(seed, "codes"))
        device = sampler.device
        parts = zip(x.x.split(CHAINED), [None] * len(x.x) if x.label is None else x.label.split(CHAINED), strict=False)
        blocks = [Batch(sampler.filled(a.to(device)), None if b is None else b.to(device)) for a, b in parts]
        found = [annealing(sampler, block) for block in blocks]
    nats, stderr = (torch.cat([pair[i] for pair in found]).double().cpu() for i in (0, 1))
    return (nats if sampler.cost.discrete else nats + run.codec.log_det(x)).numpy(), stderr.numpy()


def gan_kde(
    run: "Run",
    x: Any,
    n: int = 10_000,
    bandwidth: Rule | float = "likelihood",
    seed: int = 0,
    weights: Weights = "best",
) -> np.ndarray:
    """log Σ_j N(x; y_j, diag h²)/n, y_j samples: log-densities, as `Run.log_prob` has them, for any sampler.

    Args:
        run: whose samples they are.
        x: points in the form the data came in.
        n: samples that are drawn.
        bandwidth: likelihood, of left-out samples; silverman, scott; or a number, in encoded units.
        seed: of the samples, and of noise that fills steps between values.
        weights: as of `Run.sample`.
    """
    samples, points, codec = run.draw(n, seed, weights=weights), run.codec.encode(x), run.codec
    own = torch.Generator().manual_seed(subseed(seed, "dequantisation"))
    y, at = (dequantised(part.x, torch.tensor(codec.grain), own).flatten(1).double() for part in (samples, points))
    q = KernelDensity(y.shape[1:], window := GaussianWindow())
    q.put(y, bandwidth_by(bandwidth, y, window, alike=isinstance(codec.space, Image)))
    return (q.log_prob(Batch(at)) + codec.log_det(points)).numpy()


def check_likelihood(run: Any, *, out: Any = None, **numbers: Any) -> None:
    """Refuse to say how likely no rows are, by no run, by too few draws, or into a file of another kind.

    Args:
        run: folder of the run.
        out: the file; None for none.
        numbers: rows, draws, temperatures and chains, where they are given.

    Raises:
        Refused: for one of these.
    """
    RunFolder.open(run)
    Annealing(**{name: numbers[name] for name in ("temperatures", "chains") if name in numbers})
    for name in ("rows", "draws"):
        if (value := numbers.get(name)) is not None and value < 1:
            raise Refused(f"--{name} must be at least 1, got {value}.")
    if out is not None:
        if Path(out).suffix not in (".npy", ".csv"):
            raise Refused(f"--out of likelihood must end in .npy or .csv, got {str(out)!r}.")
        placeable(Path(out))


def _of_block(sampler: Sampler, x: Batch, draws: int | None, shares: Sequence[float] | None) -> Float[Tensor, " n"]:
    """Return log q(x | label) of a block, or log Σ_c π_c q(x | c) without labels."""
    x = x.to(sampler.device)
    if not sampler.classes or x.label is not None:
        at_will = draws is not None and isinstance(sampler, Bounded)
        nats = sampler.bound(x, draws) if at_will else sampler.log_prob(x)  # type: ignore[operator]
        return nats.double().cpu()
    weights = torch.tensor(shares or [1.0] * sampler.classes, dtype=torch.float64)
    log_weights = (weights / weights.sum()).log()
    of_class = lambda c: x._replace(label=torch.full((len(x.x),), c, device=sampler.device))
    nats_of_class = [_of_block(sampler, of_class(c), draws, None) for c in range(sampler.classes)]
    return torch.stack([nats + w for nats, w in zip(nats_of_class, log_weights, strict=True)]).logsumexp(0)
