"""The diagnosis of a critic in numbers: its layers, its witness's slopes, and what its log-ratio is worth."""

from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from pushforward.critics.base import represent
from pushforward.critics.spectra import alarm, spectra
from pushforward.discrepancies import Discrepancy
from pushforward.spaces import Batch

BINS = 10


@dataclass(frozen=True)
class Bin:
    """A bin of points whose probability of being data was read off as nearly the same.

    Args:
        predicted: mean of that probability.
        observed: share of them that are data.
        count: how many.
    """

    predicted: float
    observed: float
    count: int


@dataclass(frozen=True)
class Calibration:
    """The calibration of log p/q read off a critic, by which a point is data with probability σ(log p/q + log n/m).

    Args:
        error: mean of |predicted − observed| over the points, in bins of equal width.
        log_loss: −mean log probability of what each point is, in nats; log 2 for n = m and a critic that knows nothing.
        mean_ratio: of p/q over the samples, 1 where it is the ratio.
        bins: those with a point in them.
    Source: Guo et al. (2017), section 2, for error and bins.
    """

    error: float
    log_loss: float
    mean_ratio: float
    bins: tuple[Bin, ...]


def calibration(of_x: Float[Tensor, " n"], of_y: Float[Tensor, " m"]) -> Calibration:
    """Return the calibration of log-ratios at data and samples.

    Args:
        of_x: log p/q at data that the critic was not trained on.
        of_y: log p/q at samples.
    Example:
        >>> calibration(torch.zeros(4), torch.zeros(4)).error  # one half, and half of them are data
        0.0
    """
    n, m = len(of_x), len(of_y)
    logit = torch.cat([of_x, of_y]).double() + torch.tensor(n / m, dtype=torch.float64).log()
    real = torch.cat([torch.ones(n), torch.zeros(m)]).double().to(logit.device)
    p = logit.sigmoid()
    bin_of = (p * BINS).long().clamp(max=BINS - 1)
    bins = [
        Bin(float(p[i].mean()), float(real[i].mean()), int(i.sum())) for k in range(BINS) if (i := bin_of == k).any()
    ]
    error = sum(b.count * abs(b.predicted - b.observed) for b in bins) / (n + m)
    loss = nn.functional.binary_cross_entropy_with_logits(logit, real)
    return Calibration(error, float(loss), float(of_y.double().exp().mean()), tuple(bins))


def slope_norms(D: Discrepancy, f: nn.Module, x: Batch, y: Batch, h: Batch) -> Float[Tensor, " l"]:
    """‖∇ η(h_i)‖, η the witness of D on f's features, its references taken as constants.

    Args:
        D: the discrepancy behind the critic.
        f: the critic, in evaluation mode.
        x: data.
        y: samples.
        h: where.
    """
    with torch.no_grad():
        fx, fy = represent(f, x), represent(f, y)
    with torch.enable_grad():
        at = h.x.detach().clone().requires_grad_()
        eta = D.witness(represent(f, h._replace(x=at)), fx, fy)
        (slope,) = torch.autograd.grad(eta.sum(), at)
    return slope.flatten(1).norm(dim=1)


def diagnose(D: Discrepancy, f: nn.Module, x: Batch, y: Batch) -> dict[str, Any]:
    """Return a plain record: spectra of the layers, slopes at data, samples and between, calibration and alarm.

    Nothing of f is changed if it is in evaluation mode; mixtures of the i-th datum and the i-th sample are half-way.

    Args:
        D: the discrepancy behind the critic.
        f: the critic.
        x: data that it was not trained on.
        y: samples, as many, with the same labels.
    """
    layers = spectra(f)
    places = {"data": x, "samples": y, "between": x._replace(x=(x.x + y.x) / 2)}
    slopes = {name: _quantiles(slope_norms(D, f, x, y, h)) for name, h in places.items()}
    with torch.no_grad():
        of_x, of_y = D.log_ratio(represent(f, x)), D.log_ratio(represent(f, y))
    calibrated = calibration(of_x, of_y) if of_x is not None and of_y is not None else None
    return {
        "layers": {name: s.to_json() for name, s in layers.items()},
        "slopes": slopes,
        "calibration": None if calibrated is None else _plain(calibrated),
        "alarm": alarm(layers),
    }


def _quantiles(norms: Float[Tensor, " l"]) -> dict[str, float]:
    """Return the mean, and the 5th, 50th, 95th and 100th of a hundred."""
    values = norms.double()
    cuts = torch.quantile(values, torch.tensor([0.05, 0.5, 0.95, 1.0], dtype=torch.float64, device=values.device))
    return dict(zip(("mean", "low", "median", "high", "most"), [float(values.mean()), *cuts.tolist()], strict=True))


def _plain(c: Calibration) -> dict[str, Any]:
    bins = [[b.predicted, b.observed, b.count] for b in c.bins]
    return {"error": c.error, "log_loss": c.log_loss, "mean_ratio": c.mean_ratio, "bins": bins}
