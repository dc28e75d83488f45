"""The bandwidths of kernel density estimates, by rules of the normal law or by the likelihood of left-out rows."""

from math import exp, log
from typing import Literal

import torch
from jaxtyping import Float
from scipy.optimize import minimize_scalar
from torch import Tensor

from pushforward.errors import Refused
from pushforward.samplers.kernel_density import KernelDensity
from pushforward.samplers.windows import Window

Rule = Literal["silverman", "scott", "likelihood"]

MOST = 5000
"""Rows by which the likelihood of left-out rows is judged; more would change the choice by less than its error."""

NARROWEST, WIDEST = 1 / 30, 3.0
"""Between which shares of Silverman's rule the likelihood's choice is looked for."""

LEAST_LOG = -1e6
"""In place of −∞ where no other row is within a window's reach, so that means stay numbers."""


def bandwidth_by(
    rule: Rule | float, x: Float[Tensor, "n d"], window: Window, alike: bool = False
) -> Float[Tensor, " d"]:
    """Return the bandwidth h of each coordinate, by a rule.

        scott       h_j = c·s_j·n^{−1/(d + 4)}, s_j the standard deviation of coordinate j
        silverman   h_j = c·s_j·(n(d + 2)/4)^{−1/(d + 4)}
        likelihood  h_j = r·silverman's, r such that rows that differ are likeliest under all the others

    c is 1 for the Gaussian window, and for another one what makes the mean squared error at a normal law least.

    Args:
        rule: by name, or the number itself for all coordinates.
        x: rows, in random order.
        window: k.
        alike: whether all coordinates share one bandwidth, as the pixels of a picture do: s is the root of their mean
            variance.

    Raises:
        Refused: if a coordinate is constant, of which no rule has a bandwidth.
    Source: Scott (1992) and Silverman (1986, equation 4.14), for the rules; Duin (1976) for the likelihood.
    """
    n, d = x.shape
    if not isinstance(rule, str):
        return x.new_full((d,), float(rule))
    spread = x.var(0).mean().sqrt().expand(d) if alike else x.std(0)
    if len(constant := (spread == 0).nonzero()[:, 0]):
        raise Refused(f"the {rule} bandwidth of kde needs rows that differ in every coordinate, and coordinate "
                      f"{int(constant[0])} (counted from 0) is the same in all {n}; leave it out, or give a "
                      "number.")  # fmt: skip
    base = n if rule == "scott" else n * (d + 2) / 4
    h = window.widening(d) * spread * base ** (-1 / (d + 4))
    return _likeliest(window, x, h) if rule == "likelihood" else h


def _likeliest(window: Window, x: Float[Tensor, "n d"], h: Float[Tensor, " d"]) -> Float[Tensor, " d"]:
    """Return the multiple of h under which left-out rows are likeliest."""
    distinct = x.unique(dim=0)
    order = torch.randperm(len(distinct), generator=torch.Generator().manual_seed(0))  # unique rows come sorted
    some = distinct[order[:MOST].to(x.device)]
    shrink = (len(some) / len(x)) ** (-1 / (x.shape[1] + 4))  # of fewer rows, wider windows are best, by this share
    trial = KernelDensity((x.shape[1],), window).to(x.device)

    def cost(log_share: float) -> float:
        trial.put(some, shrink * h * exp(log_share))
        return -float(trial.log_prob_of_others().clamp(min=LEAST_LOG).mean())

    ends = log(NARROWEST), log(WIDEST)
    found = minimize_scalar(cost, bounds=ends, method="bounded", options={"xatol": 1e-2})
    return h * exp(found.x)
